package dev.fanfare.loadtest.wire;

/// What a [ResponseScanner] finds, in order. Called on the thread that scans.
@FunctionalInterface
public interface ResponseSink {

  /// One response, whole.
  ///
  /// @param status the HTTP status, 0 if the bytes were no HTTP response
  /// @param closes true if the server said that it closes the connection after this response
  /// @param body the body as text
  void onResponse(int status, boolean closes, String body);
}
