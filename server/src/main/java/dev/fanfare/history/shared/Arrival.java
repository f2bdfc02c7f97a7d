package dev.fanfare.history.shared;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Publication;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An entry of a channel on its way to this node's subscribers.
///
/// @param previous the entry before it
/// @param event null if there is nothing to deliver
/// @param purged everything up to this entry was purged; null if nothing was
public record Arrival(
    EventId id, EventId previous, @Nullable Publication event, @Nullable EventId purged) {

  /// An event.
  public Arrival(EventId id, EventId previous, Publication event) {
    this(id, previous, event, null);
  }

  /// An entry that was read from the engine.
  ///
  /// @param delivered tickets of events that were delivered without an id
  static Arrival of(ChannelName channel, Streams.Entry entry, Set<EventId> delivered) {
    EventCodec.Content content = EventCodec.read(channel, entry.payload());
    EventId purged = content.purged();
    EventId ticket = content.ticket();
    return new Arrival(
        entry.id(),
        entry.previous(),
        ticket != null && delivered.contains(ticket) ? null : content.event(),
        EventId.NONE.equals(purged) ? entry.id() : purged);
  }
}
