package dev.fanfare.history;

import org.jspecify.annotations.Nullable;

/// What is known about a subscriber, by which it may be recognised when it comes back.
///
/// @param tag behind the app key; null if there is none
/// @param signedData of the subscription; null if there is none, or if it is not signed
/// @param userId of the presence channel, or of the signed-in user; null if neither is known
/// @param cookie that the handshake has read or set; null if no rule needs it
/// @param address the source address and the client's library; null if no rule needs it
public record Traits(
    @Nullable ClientTag tag,
    @Nullable String signedData,
    @Nullable String userId,
    @Nullable String cookie,
    @Nullable String address) {

  /// A subscriber about which only its tag is known.
  public static Traits of(ClientTag tag) {
    return new Traits(tag, null, null, null, null);
  }
}
