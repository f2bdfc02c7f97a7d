package dev.fanfare.transport.websocket;

import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.MessageWriter;
import dev.fanfare.protocol.ServerMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The server's frames. They are never masked, so their bytes are the same for all sockets (RFC
/// 6455 section 5.2):
///
/// ```
///  FIN RSV  opcode | MASK  length     | extended length  | payload
///   1  000  0001   |  0    0…125      |                  |
///                  |  0    126        | 16 bits          |
///                  |  0    127        | 64 bits          |
/// ```
final class FrameWriter {

  static final int FIN_TEXT = 0x81;

  private static final int FIN_CLOSE = 0x88;
  private static final int FIN_PING = 0x89;
  private static final int FIN_PONG = 0x8a;

  private static final int MAX_SHORT = 125;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int MAX_16 = 0xffff;

  private FrameWriter() {}

  /// One text message for one socket.
  static ByteBuf text(ByteBufAllocator allocator, byte[] utf8) {
    return frame(allocator, FIN_TEXT, utf8);
  }

  static ByteBuf ping(ByteBufAllocator allocator, byte[] payload) {
    return frame(allocator, FIN_PING, payload);
  }

  /// The answer to a ping, with the ping's payload.
  static ByteBuf pong(ByteBufAllocator allocator, ByteBuf payload) {
    int length = payload.readableBytes();
    ByteBuf out = allocator.directBuffer(headerBytes(length) + length);
    writeHeader(out, FIN_PONG, length);
    return out.writeBytes(payload, payload.readerIndex(), length);
  }

  /// A close frame. Reasons too long for a control frame are cut between two characters.
  ///
  /// @param code negative for none, the reply to a frame without one
  static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
    return frame(allocator, FIN_CLOSE, code < 0 ? new byte[0] : closePayload(code, reason));
  }

  private static byte[] closePayload(int code, String reason) {
    byte[] text = cut(reason);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return payload;
  }

  /// As much of the text as fits. Clients control its length, so the rest is never encoded.
  private static byte[] cut(String reason) {
    ByteBuffer utf8 = ByteBuffer.allocate(Limits.MAX_CLOSE_REASON_BYTES);
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(reason), utf8, true);
    return Arrays.copyOf(utf8.array(), utf8.position());
  }

  /// The last frames of a connection that the server closes: the error, if the code is one of the
  /// protocol, and the close frame.
  static ByteBuf goodbye(ByteBufAllocator allocator, CloseCode code, String reason) {
    byte[] close = closePayload(code.code(), reason);
    if (!code.isPusher()) {
      return frame(allocator, FIN_CLOSE, close);
    }
    byte[] error = MessageWriter.write(new ServerMessage.PusherError(code.code(), reason));
    ByteBuf out = allocator.directBuffer(frameBytes(error) + frameBytes(close));
    writeFrame(out, FIN_TEXT, error);
    writeFrame(out, FIN_CLOSE, close);
    return out;
  }

  private static ByteBuf frame(ByteBufAllocator allocator, int first, byte[] payload) {
    ByteBuf out = allocator.directBuffer(frameBytes(payload));
    writeFrame(out, first, payload);
    return out;
  }

  /// Appends a frame whose first byte is `first`.
  static void writeFrame(ByteBuf out, int first, byte[] payload) {
    writeHeader(out, first, payload.length);
    out.writeBytes(payload);
  }

  private static void writeHeader(ByteBuf out, int first, int length) {
    out.writeByte(first);
    if (length <= MAX_SHORT) {
      out.writeByte(length);
    } else if (length <= MAX_16) {
      out.writeByte(LENGTH_16).writeShort(length);
    } else {
      out.writeByte(LENGTH_64).writeLong(length);
    }
  }

  /// Bytes of a frame with this payload.
  static int frameBytes(byte[] payload) {
    return headerBytes(payload.length) + payload.length;
  }

  private static int headerBytes(int length) {
    if (length <= MAX_SHORT) {
      return 2;
    }
    return length <= MAX_16 ? 4 : 10;
  }
}
