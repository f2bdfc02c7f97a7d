package dev.fanfare.history;

import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;

/// The last event of a cache channel, for later subscribers.
///
/// @param sequence of the channel, when the event was published; later subscribers get it from here
/// @param expiresAtNs on the server's monotonic clock
/// @param stored the same event under the rule that covers the channel; null if there is none
public record KeptEvent(
    Publication publication, long sequence, long expiresAtNs, @Nullable StoredEvent stored) {

  /// The string that subscribers receive.
  public String data() {
    return publication.data();
  }

  /// What a later subscriber receives.
  public ServerMessage.Event message() {
    return stored == null ? publication.message() : stored.message();
  }

  /// True if later subscribers do not get it any more.
  public boolean isExpired(long nowNs) {
    return nowNs - expiresAtNs >= 0;
  }
}
