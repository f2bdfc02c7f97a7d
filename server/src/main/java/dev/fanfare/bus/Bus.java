package dev.fanfare.bus;

import java.util.function.Consumer;

/// The connection to the other nodes. Any thread.
public interface Bus extends AutoCloseable {

  /// Sends to all other nodes, never to this one. Returns immediately; a message that cannot be
  /// sent is counted and dropped.
  void publish(BusMessage message);

  /// Sets the receiver of messages from other nodes; called once, before the first message.
  void onMessage(Consumer<BusMessage> receiver);

  @Override
  void close();
}
