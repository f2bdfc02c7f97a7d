package dev.fanfare.history;

import dev.fanfare.app.ChannelKey;
import java.util.List;

/// What memory keeps and one process leaves to the next. Immutable.
public sealed interface Inherited {

  /// The channel.
  ChannelKey channel();

  /// What a channel keeps.
  ///
  /// @param events oldest first; their sequences have no meaning for the next process
  /// @param newest at least the id of every event that the channel has kept
  /// @param lost the newest event that is not kept any longer, or a bound below all events
  /// @param hasLost false if `lost` is only a bound
  record Channel(
      ChannelKey channel, List<StoredEvent> events, EventId newest, EventId lost, boolean hasLost)
      implements Inherited {}

  /// Where a client that is away may resume.
  ///
  /// @param lost the newest event that was lost with an earlier log of the channel
  /// @param isShared several clients have this identity, although it is narrow
  record Position(
      ChannelKey channel, EventId lost, Identity identity, boolean isShared, Place place)
      implements Inherited {}

  /// A place in a channel.
  ///
  /// @param confirmed the last event that the client has confirmed
  /// @param sockets the connections that it had, the last one first; at least one
  /// @param untilNs when it is forgotten, on the server's monotonic clock
  record Place(EventId confirmed, List<String> sockets, long untilNs) {}
}
