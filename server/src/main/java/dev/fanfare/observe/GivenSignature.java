package dev.fanfare.observe;

import org.jspecify.annotations.Nullable;

/// What a client has sent to prove that it may subscribe.
///
/// @param auth as sent: key and signature, with a colon between
/// @param channelData as sent; null for none
public record GivenSignature(String auth, @Nullable String channelData) {}
