package dev.fanfare.session;

import dev.fanfare.channel.lane.Subscriber;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;

/// A client's socket as seen by its session. Called on its lane only, except [Subscriber#lane] and
/// [#socketState].
public interface Connection extends Subscriber {

  /// Writes one message, which is flushed at the end of the turn.
  void send(ServerMessage message);

  /// Sends a WebSocket ping at once.
  ///
  /// @param payload at most 125 bytes
  void ping(byte[] payload);

  /// What is known about the socket; null if there is none. Any thread, on which it may be a moment
  /// old.
  default @Nullable SocketState socketState() {
    return null;
  }

  /// Notes from now on what is written and read, until the log is over. Does nothing without a
  /// socket.
  default void record(SocketLog log) {}

  /// Calls [Session#onDue] with the next sweep, and from now on after each write.
  void checkSoon();

  /// Closes the connection: `pusher:error` with the same code and text for the codes of the Pusher
  /// protocol (the Android client reports nothing else to the app), then a close frame. Nothing is
  /// sent after it.
  void close(CloseCode code, String reason);
}
