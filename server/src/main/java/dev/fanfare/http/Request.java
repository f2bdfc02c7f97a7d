package dev.fanfare.http;

/// One request, as raw as it came.
///
/// @param method upper case
/// @param path percent escapes and `;` untouched, without query and configured prefix
/// @param query raw, without `?`; empty if there was none
/// @param body the exact bytes; not copied, so nobody may change them
@SuppressWarnings("ArrayRecordComponent") // never compared, and read once
public record Request(String method, String path, String query, byte[] body) {}
