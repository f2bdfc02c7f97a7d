package dev.fanfare.clients;

import com.pusher.client.Authorizer;
import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import com.pusher.client.connection.ConnectionState;
import dev.fanfare.testing.TestNode;

/// One phone: a connection of the Java client, with a listener on every channel.
///
/// The client has newer names for `Authorizer`; these are the ones that both versions know.
final class Device implements AutoCloseable {

  private final Pusher pusher;
  private final ConnectionLog connection = new ConnectionLog();

  Device(String key, PusherOptions options) {
    pusher = new Pusher(key, options);
  }

  /// The options of every self-hosted app.
  static PusherOptions options(int port) {
    return new PusherOptions().setHost("127.0.0.1").setWsPort(port).setUseTLS(false);
  }

  /// Connected, and able to subscribe to public channels.
  static Device connected(TestNode node) {
    return new Device(node.app().key(), options(node.port())).connect();
  }

  /// Connected, and authorized for all private and presence channels as this user.
  @SuppressWarnings("deprecation")
  static Device connected(TestNode node, Backend backend, String userId) {
    Authorizer authorizer = (channel, socketId) -> backend.authorize(userId, channel, socketId);
    return new Device(node.app().key(), options(node.port()).setAuthorizer(authorizer)).connect();
  }

  /// Connects and waits until connected.
  Device connect() {
    pusher.connect(connection, ConnectionState.ALL);
    connection.await(ConnectionState.CONNECTED);
    return this;
  }

  Pusher pusher() {
    return pusher;
  }

  ConnectionLog connection() {
    return connection;
  }

  String socketId() {
    return pusher.getConnection().getSocketId();
  }

  /// Subscribes and binds to `events`, without waiting for the answer.
  ChannelLog subscribe(String channel, String... events) {
    ChannelLog log = new ChannelLog(channel);
    if (channel.startsWith("private-encrypted-")) {
      pusher.subscribePrivateEncrypted(channel, log, events);
    } else if (channel.startsWith("private-")) {
      pusher.subscribePrivate(channel, log, events);
    } else if (channel.startsWith("presence-")) {
      pusher.subscribePresence(channel, log, events);
    } else {
      pusher.subscribe(channel, log, events);
    }
    return log;
  }

  /// Subscribes, binds to `events` and waits for the success.
  ChannelLog subscribed(String channel, String... events) {
    return subscribe(channel, events).awaitSubscribed();
  }

  /// Sends a client event on a private channel.
  void triggerPrivate(String channel, String event, String data) {
    pusher.getPrivateChannel(channel).trigger(event, data);
  }

  /// Disconnects and waits until disconnected.
  void disconnect() {
    if (pusher.getConnection().getState() == ConnectionState.CONNECTED) {
      pusher.disconnect();
      connection.await(ConnectionState.DISCONNECTED);
    }
  }

  @Override
  public void close() {
    disconnect();
  }
}
