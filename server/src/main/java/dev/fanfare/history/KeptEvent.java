package dev.fanfare.history;

import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;

/// The last event of a cache channel, for later subscribers.
///
/// @param sequence of the channel, when the event was published; later subscribers get it from here
/// @param expiresAtNs on the server's monotonic clock
/// @param id null unless a rule covers the channel and subscribers receive the ids of events
public record KeptEvent(
    Publication publication, long sequence, long expiresAtNs, @Nullable EventId id) {

  /// The string that subscribers receive.
  public String data() {
    return publication.data();
  }

  /// What a later subscriber receives.
  public ServerMessage.Event message() {
    return id == null ? publication.message() : publication.message(id.toString());
  }

  /// True if later subscribers do not get it any more.
  public boolean isExpired(long nowNs) {
    return nowNs - expiresAtNs >= 0;
  }
}
