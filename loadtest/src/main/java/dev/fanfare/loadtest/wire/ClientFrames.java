package dev.fanfare.loadtest.wire;

import java.nio.charset.StandardCharsets;

/// WebSocket frames of a client, masked as RFC 6455 requires. All use one constant mask: there is
/// nothing to hide here, but servers must do the work of unmasking.
public final class ClientFrames {

  private static final byte[] MASK = {0x5A, 0x21, (byte) 0xC3, 0x7E};
  private static final int MASKED = 0x80;
  private static final int TEXT = 0x81;
  private static final int COMPRESSED_TEXT = 0xC1;
  private static final int CLOSE = 0x88;
  private static final int PONG = 0x8A;

  private ClientFrames() {}

  public static byte[] text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] text(byte[] utf8) {
    return frame(TEXT, utf8);
  }

  public static byte[] pong(byte[] payload) {
    return frame(PONG, payload);
  }

  /// The `pusher:ping` message.
  public static byte[] pusherPing() {
    return text("{\"event\":\"pusher:ping\",\"data\":{}}");
  }

  /// The `pusher:pong` message.
  public static byte[] pusherPong() {
    return text("{\"event\":\"pusher:pong\",\"data\":{}}");
  }

  /// A close frame with code 1000.
  public static byte[] close() {
    return frame(CLOSE, new byte[] {0x03, (byte) 0xE8});
  }

  /// A text message compressed by RFC 7692.
  ///
  /// @param deflated the message without the four bytes that the sender omits
  public static byte[] compressed(byte[] deflated) {
    return frame(COMPRESSED_TEXT, deflated);
  }

  /// Any frame.
  ///
  /// @param first the first byte: final bit, reserved bits and opcode
  public static byte[] frame(int first, byte[] payload) {
    int length = payload.length;
    int header = length < 126 ? 2 : length < 0x10000 ? 4 : 10;
    byte[] frame = new byte[header + MASK.length + length];
    frame[0] = (byte) first;
    frame[1] = (byte) (MASKED | (header == 2 ? length : header == 4 ? 126 : 127));
    for (int i = 2, shift = (header - 3) * 8; i < header; i++, shift -= 8) {
      frame[i] = (byte) ((long) length >>> shift);
    }
    System.arraycopy(MASK, 0, frame, header, MASK.length);
    for (int i = 0, at = header + MASK.length; i < length; i++, at++) {
      frame[at] = (byte) (payload[i] ^ MASK[i & 3]);
    }
    return frame;
  }
}
