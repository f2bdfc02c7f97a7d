package dev.fanfare.bus;

import dev.fanfare.protocol.Publication;
import org.jspecify.annotations.Nullable;

/// The connection to the other nodes. Any thread.
///
/// Each other node receives messages in the order of the [#publish] calls of this node, which
/// includes the order of calls made under one entry of `Channels`. Messages of different nodes have
/// no common order.
public interface Bus extends AutoCloseable {

  /// Applies messages of other nodes to this one.
  @FunctionalInterface
  interface Receiver {

    /// Called by one thread at a time, which is never inside [Bus#publish]. If a node is gone, the
    /// bus itself reports that each of its entries has ended.
    ///
    /// @param node the sender: a number from 0, by which no other node goes as long as this one is
    ///   known
    /// @param asOfNs when the sender decided it, at the latest, on the clock of this machine
    ///   (`NanoClock.SYSTEM`): an event is only for subscriptions that are older, a command only
    ///   for older connections
    void onMessage(int node, BusMessage message, long asOfNs);

    /// True if the lanes have room for an event. While they have not, the bus holds back what
    /// follows on the same link, for a second at most. Called by the thread of [#onMessage].
    default boolean hasRoom(BusMessage event) {
      return true;
    }
  }

  /// Sends to all other nodes that need it, never to this one. Returns immediately, also while an
  /// entry is held; an event that cannot be sent is counted and dropped, a fact is never lost.
  /// Never throws.
  void publish(BusMessage message);

  /// The same for an event, of which a bus without other nodes makes no message.
  ///
  /// @param trace by which the nodes name it to each other; 0 if it is not traced
  default void publish(String appId, Publication event, long trace) {
    publish(new BusMessage.Event(appId, event, null, trace));
  }

  /// Sets the receiver of messages from other nodes; called once, before the first message. It is
  /// called by one thread at a time, which is never inside [#publish]: two nodes that publish while
  /// they hold an entry would wait for each other.
  void onMessage(Receiver receiver);

  /// What this node knows about the others now; any thread, also while an entry is held.
  default NodesView nodes() {
    return NodesView.ALONE;
  }

  /// This node's shares of the rate limits of apps; null if there are no other nodes to share them
  /// with.
  default @Nullable RateShares shares() {
    return null;
  }

  @Override
  void close();
}
