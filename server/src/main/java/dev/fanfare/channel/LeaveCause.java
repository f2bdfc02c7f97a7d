package dev.fanfare.channel;

import dev.fanfare.protocol.CloseCode;

/// Why the subscription of a user has ended.
public enum LeaveCause {
  /// The client has unsubscribed or closed its connection, or lost it, or the server has closed it
  /// for another reason than these.
  CLOSED("closed"),
  /// The client has not answered a ping.
  TIMEOUT("timeout"),
  /// The app has disconnected the user.
  TERMINATED("terminated");

  private final String wireName;

  LeaveCause(String wireName) {
    this.wireName = wireName;
  }

  /// As the HTTP API names it.
  String wireName() {
    return wireName;
  }

  /// The cause of a connection that ended with this close code. With 4009, the server closes a
  /// connection only before it is authorized, or for the app.
  public static LeaveCause of(int closeCode) {
    if (closeCode == CloseCode.PONG_MISSING.code()) {
      return TIMEOUT;
    }
    return closeCode == CloseCode.UNAUTHORIZED.code() ? TERMINATED : CLOSED;
  }
}
