package dev.fanfare.channel;

import dev.fanfare.protocol.Publication;

/// An event that a channel keeps for later subscribers.
///
/// @param sequence of the channel, when the event was published; later subscribers get it from here
/// @param expiresAtNs on the server's monotonic clock
public record KeptEvent(Publication publication, long sequence, long expiresAtNs) {

  /// The string that subscribers receive.
  public String data() {
    return publication.data();
  }

  boolean isExpired(long nowNs) {
    return nowNs - expiresAtNs >= 0;
  }
}
