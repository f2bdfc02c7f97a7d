package dev.fanfare.bus;

import java.util.function.Consumer;

/// The way to the other nodes. Any thread may call.
public interface Bus extends AutoCloseable {

  /// Tells all other nodes, never this one. Returns at once; a message that cannot be sent is
  /// counted and dropped.
  void publish(BusMessage message);

  /// Sets who hears the other nodes; called once, before the first message.
  void onMessage(Consumer<BusMessage> receiver);

  @Override
  void close();
}
