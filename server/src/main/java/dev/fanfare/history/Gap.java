package dev.fanfare.history;

import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;

/// What a subscriber that comes back cannot get.
///
/// @param after the last event that it has confirmed
/// @param oldest the first event that it gets; null if it gets none
public record Gap(Reason reason, EventId after, @Nullable EventId oldest) {

  /// Why it cannot get it.
  public enum Reason {
    /// Events that it has missed are no longer kept.
    EXPIRED("expired"),
    /// More events than `replay_events` were missed.
    TOO_MANY("too_many"),
    /// The store that nodes share could not keep them, or has lost them.
    LOST("lost");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  /// What the subscriber receives.
  public ServerMessage message(ChannelName channel) {
    return new ServerMessage.Gap(
        channel.value(), reason.text, after.toString(), oldest == null ? null : oldest.toString());
  }
}
