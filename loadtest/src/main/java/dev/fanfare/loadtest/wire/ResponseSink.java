package dev.fanfare.loadtest.wire;

/// Receives what a [ResponseScanner] finds, in order. Called on the scanning thread.
@FunctionalInterface
public interface ResponseSink {

  /// One complete response.
  ///
  /// @param status the HTTP status, 0 if the bytes were not an HTTP response
  /// @param closes true if the server closes the connection after this response
  /// @param body the body as text
  void onResponse(int status, boolean closes, String body);
}
