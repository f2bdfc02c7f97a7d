package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.protocol.Publication;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Remembers what is published on this node. Called by publishing threads, so it must not block.
@FunctionalInterface
public interface Tracing {

  /// An event was accepted and is about to be delivered.
  ///
  /// @param subscribers connections subscribed to the channel on this node at that moment
  /// @param address of the publisher, worked out when it is asked for; null for a client event
  /// @return what is notified of its delivery; null for nothing
  @Nullable DeliveryTrace begin(
      App app, Publication publication, int subscribers, @Nullable Supplier<String> address);
}
