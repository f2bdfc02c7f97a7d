package dev.fanfare.loadtest.wire;

/// What a [FrameScanner] finds, in the order of the stream. Called on the thread that scans.
public interface FrameSink {

  /// A message that carries a [Stamp]; the hot path, called once per delivery.
  void onStamp(int publisher, int channel, int sequence, int event);

  /// Any other text message.
  void onText(String text);

  /// A WebSocket ping, to be answered with the same bytes.
  void onPing(byte[] payload);

  /// The server's close frame; 1005 and an empty reason if it gave none.
  void onCloseFrame(int code, String reason);

  /// Bytes that no WebSocket server may send; nothing after them can be understood.
  void onViolation(String why);
}
