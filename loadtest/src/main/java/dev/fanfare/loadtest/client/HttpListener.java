package dev.fanfare.loadtest.client;

/// Events of an [HttpSocket]. Called on the loop's thread.
public interface HttpListener {

  /// The connection is open, for the first time or again; requests may be sent.
  void onReady(HttpSocket socket);

  /// The oldest unanswered request got its response.
  ///
  /// @param intendedNs the scheduled time of that request
  /// @param body the body as text
  void onAnswer(HttpSocket socket, int status, long intendedNs, String body);

  /// The connection was closed.
  ///
  /// @param unanswered requests that will get no response
  void onClosed(HttpSocket socket, int unanswered, String reason);
}
