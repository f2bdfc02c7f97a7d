package dev.fanfare.loadtest.wire;

import dev.fanfare.protocol.WebSocketFrame;
import java.nio.charset.StandardCharsets;

/// WebSocket frames of a client, masked as RFC 6455 requires. All use one constant mask: there is
/// nothing to hide here, but servers must do the work of unmasking.
public final class ClientFrames {

  private static final byte[] MASK = {0x5A, 0x21, (byte) 0xC3, 0x7E};
  private static final int TEXT = WebSocketFrame.FIN | WebSocketFrame.TEXT;
  private static final int COMPRESSED_TEXT = TEXT | WebSocketFrame.RSV1;
  private static final int PONG = WebSocketFrame.FIN | WebSocketFrame.PONG;

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
    return WebSocketFrame.close(1000, "").masked(MASK);
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
    return new WebSocketFrame(first, payload).masked(MASK);
  }
}
