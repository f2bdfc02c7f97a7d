package dev.fanfare.loadtest.wire;

/// Receives what a [FrameScanner] finds, in stream order. Called on the scanning thread.
public interface FrameSink {

  /// A message with a [Stamp]; the hot path, called once per delivery.
  void onStamp(int publisher, int channel, int sequence, int event);

  /// Any other text message.
  void onText(String text);

  /// A WebSocket ping, to be answered with the same bytes.
  void onPing(byte[] payload);

  /// The server's close frame; 1005 and an empty reason if it has none.
  void onCloseFrame(int code, String reason);

  /// A protocol violation; nothing after it can be read.
  void onViolation(String why);
}
