package dev.fanfare.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// A WebSocket frame (RFC 6455 section 5.2) as clients write and read it. The server's own frames
/// are those of Netty; this is for programs that play the client.
///
/// ```
/// byte 0: FIN RSV1 RSV2 RSV3 opcode(4)    byte 1: MASK length(7)
/// length 126: two more bytes of length    length 127: eight more
/// MASK set: four bytes of mask
/// ```
///
/// @param first the first byte
/// @param payload unmasked; not copied
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record WebSocketFrame(int first, byte[] payload) {

  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xa;

  public static final int FIN = 0x80;

  /// The three reserved bits; the first marks compressed messages (RFC 7692).
  public static final int RESERVED = 0x70;

  public static final int RSV1 = 0x40;

  /// What stands for the code of a close frame without one (RFC 6455 section 7.1.5).
  public static final int NO_CODE = 1005;

  private static final int MASKED = 0x80;
  private static final int MASK_BYTES = 4;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;

  /// A whole message in one frame, or a control frame.
  public static WebSocketFrame whole(int opcode, byte[] payload) {
    return new WebSocketFrame(FIN | opcode, payload);
  }

  public static WebSocketFrame text(String text) {
    return whole(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public static WebSocketFrame close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return whole(CLOSE, payload);
  }

  public int opcode() {
    return first & 0xf;
  }

  /// True if the message ends with this frame.
  public boolean isFinal() {
    return (first & FIN) != 0;
  }

  /// The reserved bits that are set, as they are in the first byte.
  public int reserved() {
    return first & RESERVED;
  }

  /// The payload as text.
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /// The code of a close frame, or [#NO_CODE].
  public int closeCode() {
    return payload.length < 2 ? NO_CODE : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
  }

  /// The reason of a close frame; empty if it has none.
  public String closeReason() {
    return payload.length < 2
        ? ""
        : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
  }

  /// The frame as a client must send it.
  ///
  /// @param mask four bytes
  public byte[] masked(byte[] mask) {
    int header = headerBytes(payload.length);
    byte[] frame = new byte[header + MASK_BYTES + payload.length];
    writeHeader(frame, header, MASKED);
    System.arraycopy(mask, 0, frame, header, MASK_BYTES);
    for (int i = 0, at = header + MASK_BYTES; i < payload.length; i++, at++) {
      frame[at] = (byte) (payload[i] ^ mask[i & 3]);
    }
    return frame;
  }

  /// The frame as a client must not send it.
  public byte[] unmasked() {
    int header = headerBytes(payload.length);
    byte[] frame = new byte[header + payload.length];
    writeHeader(frame, header, 0);
    System.arraycopy(payload, 0, frame, header, payload.length);
    return frame;
  }

  /// In the shortest form.
  private void writeHeader(byte[] frame, int header, int mask) {
    frame[0] = (byte) first;
    int length =
        switch (header) {
          case 2 -> payload.length;
          case 4 -> SHORT_LENGTH;
          default -> LONG_LENGTH;
        };
    frame[1] = (byte) (mask | length);
    for (int i = 2, shift = (header - 3) * 8; i < header; i++, shift -= 8) {
      frame[i] = (byte) ((long) payload.length >>> shift);
    }
  }

  private static int headerBytes(int length) {
    if (length < SHORT_LENGTH) {
      return 2;
    }
    return length <= 0xffff ? 4 : 10;
  }

  /// Bytes of the header of a frame that is not masked.
  ///
  /// @param second its second byte
  public static int headerBytes(byte second) {
    return switch (second & 0x7f) {
      case SHORT_LENGTH -> 4;
      case LONG_LENGTH -> 10;
      default -> 2;
    };
  }

  /// Reads one frame of a server. Blocks.
  ///
  /// @param reserved the reserved bits that may be set
  /// @param maxBytes of the payload
  /// @return bad if it is no frame that a server may send; its payload is not read then
  /// @throws EOFException if the input ends before the frame does
  public static Parsed<WebSocketFrame> read(InputStream in, int reserved, long maxBytes)
      throws IOException {
    int first = one(in);
    int second = one(in);
    long length = length(in, second);
    if ((second & MASKED) != 0) {
      return new Parsed.Bad<>("a masked frame");
    }
    if ((first & RESERVED & ~reserved) != 0) {
      return new Parsed.Bad<>("a frame with reserved bits: " + (first & RESERVED));
    }
    return length < 0 || length > maxBytes
        ? tooLong(length)
        : new Parsed.Ok<>(new WebSocketFrame(first, bytes(in, (int) length)));
  }

  /// Reads one frame of either side, masked or not, with any reserved bits. Blocks.
  ///
  /// @param maxBytes of the payload
  /// @return bad if it has more; its payload is not read then
  /// @throws EOFException if the input ends before the frame does
  public static Parsed<WebSocketFrame> readAny(InputStream in, long maxBytes) throws IOException {
    int first = one(in);
    int second = one(in);
    long length = length(in, second);
    if (length < 0 || length > maxBytes) {
      return tooLong(length);
    }
    byte[] mask = (second & MASKED) == 0 ? new byte[MASK_BYTES] : bytes(in, MASK_BYTES);
    byte[] payload = bytes(in, (int) length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return new Parsed.Ok<>(new WebSocketFrame(first, payload));
  }

  private static Parsed<WebSocketFrame> tooLong(long length) {
    return new Parsed.Bad<>("a frame of " + Long.toUnsignedString(length) + " bytes");
  }

  private static long length(InputStream in, int second) throws IOException {
    int header = headerBytes((byte) second);
    long length = header == 2 ? second & 0x7f : 0;
    for (int i = 2; i < header; i++) {
      length = length << 8 | one(in);
    }
    return length;
  }

  private static byte[] bytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection was closed within a frame");
    }
    return bytes;
  }

  private static int one(InputStream in) throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the connection was closed without a close frame");
    }
    return b;
  }
}
