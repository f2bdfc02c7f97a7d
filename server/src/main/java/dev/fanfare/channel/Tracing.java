package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.protocol.Publication;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Remembers what is published on this node, and what other nodes have published for its
/// subscribers. Called by publishing threads and by that of the bus, so it must not block.
@FunctionalInterface
public interface Tracing {

  /// An event was accepted and is about to be delivered.
  ///
  /// @param subscribers connections subscribed to the channel on this node at that moment
  /// @param address of the publisher, worked out when it is asked for; null for a client event
  /// @return what is notified of its delivery; null for nothing
  @Nullable DeliveryTrace begin(
      App app, Publication publication, int subscribers, @Nullable Supplier<String> address);

  /// An event that another node has accepted and traces is about to be delivered.
  ///
  /// @param id that the other node has given it
  /// @param asOfNs when it was published, on the clock of the bus
  /// @param subscribers connections subscribed to the channel on this node at that moment
  /// @return what is notified of its delivery; null for nothing
  default @Nullable DeliveryTrace arrived(
      App app, Publication publication, long id, long asOfNs, int subscribers) {
    return null;
  }
}
