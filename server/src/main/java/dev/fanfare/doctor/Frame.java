package dev.fanfare.doctor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// A WebSocket frame (RFC 6455 section 5.2). Responses are small, so a message is expected in one
/// frame.
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record Frame(int opcode, byte[] payload) {

  static final int TEXT = 0x1;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xa;

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int MAX_BYTES = 1_048_576;

  static Frame text(String text) {
    return new Frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /// The code of a close frame; 1005 if it has none.
  int closeCode() {
    return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
  }

  String closeReason() {
    return payload.length < 2
        ? ""
        : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
  }

  /// The frame as a client sends it.
  ///
  /// @param mask four bytes
  byte[] bytes(byte[] mask) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
    out.write(FIN | opcode);
    if (payload.length <= 125) {
      out.write(MASKED | payload.length);
    } else {
      out.write(MASKED | 126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    }
    out.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ mask[i % 4]);
    }
    return out.toByteArray();
  }

  static Frame read(InputStream in) throws IOException {
    int first = one(in);
    int second = one(in);
    long length = second & 0x7f;
    if (length >= 126) {
      int bytes = length == 126 ? 2 : 8;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | one(in);
      }
    }
    if ((second & MASKED) != 0 || (first & 0x70) != 0 || length < 0 || length > MAX_BYTES) {
      throw new IOException("the data after the upgrade is no WebSocket frame");
    }
    byte[] payload = in.readNBytes((int) length);
    if (payload.length < length) {
      throw new EOFException("the connection was closed within a frame");
    }
    return new Frame(first & 0xf, payload);
  }

  private static int one(InputStream in) throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the connection was closed without a close frame");
    }
    return b;
  }
}
