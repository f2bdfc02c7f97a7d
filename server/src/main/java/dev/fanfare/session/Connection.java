package dev.fanfare.session;

import dev.fanfare.channel.Subscriber;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.ServerMessage;

/// A client's socket as its session sees it. Called on its lane only, but for [Subscriber#lane].
public interface Connection extends Subscriber {

  /// Writes one message; it leaves at the end of the turn.
  void send(ServerMessage message);

  /// Says good-bye properly: `pusher:error` with the same code and text for the codes of the Pusher
  /// protocol (Android shows the app nothing else), then a close frame, then nothing more.
  void close(CloseCode code, String reason);
}
