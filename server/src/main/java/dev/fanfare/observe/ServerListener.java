package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Origin;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Observes what happens, to log and count it. What the server does with its own decisions about
/// channels does not depend on it: see `Changes` in `channel`.
///
/// Called on event loops, partly while a channel's entry is held. An observer must therefore not
/// block, throw or call back into the server. What happens for every event or subscription has its
/// own method, so that no object is made for it.
public interface ServerListener {

  /// Does nothing.
  ServerListener NONE = new ServerListener() {};

  default void on(Observation observation) {}

  /// A connection has subscribed to a channel.
  default void subscribed(App app, String channel, Peer peer) {}

  /// A connection's subscription has ended.
  default void unsubscribed(App app, String channel, Peer peer) {}

  /// An event was queued for delivery on this node.
  default void published(App app, String channel, Origin origin, int dataChars) {}

  /// A server published an event over the HTTP API and it was accepted.
  ///
  /// @param exceptSocketId the connection that does not get it, if the publisher excluded one
  /// @param subscribers connections subscribed to the channel on this node at that moment
  /// @param address of the publisher, behind trusted proxies too; worked out when it is asked for
  default void apiEvent(
      App app,
      String channel,
      String event,
      @Nullable String exceptSocketId,
      int subscribers,
      Supplier<String> address) {}

  /// A client event was accepted.
  ///
  /// @param subscribers connections subscribed to the channel on this node, the sender among them
  default void clientEvent(App app, String channel, String event, Peer peer, int subscribers) {}

  /// Notifies all of these, in this order.
  static ServerListener all(List<ServerListener> listeners) {
    return new Observers(listeners);
  }
}
