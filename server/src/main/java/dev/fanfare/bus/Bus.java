package dev.fanfare.bus;

import java.util.function.Consumer;

/// The connection to the other nodes. Any thread.
///
/// Each other node receives messages in the order of the [#publish] calls of this node, which
/// includes the order of calls made under one entry of `Channels`. Messages of different nodes have
/// no common order.
public interface Bus extends AutoCloseable {

  /// Sends to all other nodes, never to this one. Returns immediately, also while an entry is held;
  /// a message that cannot be sent is counted and dropped. Never throws.
  void publish(BusMessage message);

  /// Sets the receiver of messages from other nodes; called once, before the first message. It is
  /// called by one thread at a time, which is never inside [#publish]: two nodes that publish while
  /// they hold an entry would wait for each other.
  void onMessage(Consumer<BusMessage> receiver);

  @Override
  void close();
}
