package dev.fanfare.loadtest.client;

/// What happens to an [HttpSocket]. Called on the loop's thread.
public interface HttpListener {

  /// The connection is there, or there again; requests may be sent.
  void onReady(HttpSocket socket);

  /// The oldest unanswered request has been answered.
  ///
  /// @param intendedNs when that request was to be sent
  /// @param body the body as text
  void onAnswer(HttpSocket socket, int status, long intendedNs, String body);

  /// The connection is gone.
  ///
  /// @param unanswered requests that will get no answer
  void onClosed(HttpSocket socket, int unanswered, String reason);
}
