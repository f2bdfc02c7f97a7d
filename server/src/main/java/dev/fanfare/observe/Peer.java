package dev.fanfare.observe;

/// The client end of an established connection, as listeners see it. Any thread.
public interface Peer {

  /// What most clients use.
  String WEBSOCKET = "websocket";

  /// The connection's public name; never changes.
  String socketId();

  /// IP address and port of the client, behind trusted proxies too; the port is left out if the
  /// proxy did not pass it on. A new string for each call, so call it only for a line that is
  /// written.
  String address();

  /// How it is connected: [#WEBSOCKET], or `xhr_streaming` or `xhr_polling`.
  default String transport() {
    return WEBSOCKET;
  }
}
