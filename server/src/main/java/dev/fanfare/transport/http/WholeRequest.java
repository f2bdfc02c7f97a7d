package dev.fanfare.transport.http;

import dev.fanfare.http.Admission;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/// A request that can be answered.
///
/// @param body empty if it is not needed
/// @param admission what its head decided; null if that was not examined before
/// @param isCutShort true if more of the body is to come, which is not read
@SuppressWarnings("ArrayRecordComponent") // never compared
record WholeRequest(
    HttpRequest head, byte[] body, @Nullable Admission admission, boolean isCutShort) {}
