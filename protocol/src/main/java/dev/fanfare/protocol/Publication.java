package dev.fanfare.protocol;

import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/// One event for one channel: what a request becomes, what lanes deliver, nodes exchange and
/// channels keep.
///
/// @param data the string that every subscriber receives
/// @param userId the sender, only for client events on presence channels
/// @param exceptSocketId the connection that must not receive it; the sender of a client event
/// @param keepSeconds how long a rule for history may keep it; 0 for not at all, [#AS_RULED] for as
///   long as the rule says
@RecordBuilder
public record Publication(
    ChannelName channel,
    String event,
    String data,
    @Nullable String userId,
    @Nullable String exceptSocketId,
    Origin origin,
    int keepSeconds) {

  /// Kept as long as the rule says.
  public static final int AS_RULED = -1;

  /// An event that is kept as long as a rule says.
  public Publication(
      ChannelName channel,
      String event,
      String data,
      @Nullable String userId,
      @Nullable String exceptSocketId,
      Origin origin) {
    this(channel, event, data, userId, exceptSocketId, origin, AS_RULED);
  }

  /// What subscribers receive.
  public ServerMessage.Event message() {
    return new ServerMessage.Event(channel.value(), event, data, userId);
  }
}
