package dev.fanfare.transport.websocket;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;

/// One line of text for a connection over plain HTTP, as SockJS writes them, above all messages:
/// `a["MESSAGE","MESSAGE"]` and a line feed.
///
/// @param bytes UTF-8; the sender retains it
/// @param units UTF-16 code units, by which browsers measure what they have received
public record MessageLine(ByteBuf bytes, int units) {

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  /// `a[` and `]`, and the line feed.
  private static final int FRAME_BYTES = 4;

  /// An escaped control character: `\\u000a`.
  private static final int CONTROL_BYTES = 6;

  /// Encodes messages.
  ///
  /// @param messages valid UTF-8
  /// @param buffers makes a buffer of exactly so many bytes
  public static MessageLine of(List<byte[]> messages, IntFunction<ByteBuf> buffers) {
    int size = FRAME_BYTES + messages.size() - 1;
    int units = size;
    for (byte[] message : messages) {
      size += 2;
      units += 2;
      for (byte b : message) {
        int bytes = escapedBytes(b);
        size += bytes;
        units += units(b, bytes);
      }
    }
    ByteBuf out = buffers.apply(size);
    out.writeByte('a');
    char before = '[';
    for (byte[] message : messages) {
      out.writeByte(before);
      before = ',';
      write(out, message);
    }
    out.writeByte(']').writeByte('\n');
    return new MessageLine(out, units);
  }

  /// The last line of a connection: `c[4100,"REASON"]`.
  public static MessageLine close(int code, String reason, IntFunction<ByteBuf> buffers) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    String start = "c[" + code + ",";
    int bytes = start.length() + 2 + 2;
    int units = bytes;
    for (byte b : text) {
      int escaped = escapedBytes(b);
      bytes += escaped;
      units += units(b, escaped);
    }
    ByteBuf out = buffers.apply(bytes);
    out.writeCharSequence(start, StandardCharsets.US_ASCII);
    write(out, text);
    out.writeByte(']').writeByte('\n');
    return new MessageLine(out, units);
  }

  /// Continuation bytes add nothing; the first of four bytes stands for two units.
  private static int units(byte b, int bytes) {
    if ((b & 0xc0) == 0x80) {
      return 0;
    }
    return (b & 0xf8) == 0xf0 ? 2 : bytes;
  }

  private static int escapedBytes(byte b) {
    if (b == '"' || b == '\\') {
      return 2;
    }
    return b >= 0 && b < ' ' ? CONTROL_BYTES : 1;
  }

  /// Appends a message as a JSON string.
  private static void write(ByteBuf out, byte[] message) {
    out.writeByte('"');
    int from = 0;
    for (int i = 0; i < message.length; i++) {
      byte b = message[i];
      int bytes = escapedBytes(b);
      if (bytes == 1) {
        continue;
      }
      out.writeBytes(message, from, i - from).writeByte('\\');
      if (bytes == 2) {
        out.writeByte(b);
      } else {
        out.writeByte('u').writeByte('0').writeByte('0');
        out.writeByte(HEX[b >> 4]).writeByte(HEX[b & 0xf]);
      }
      from = i + 1;
    }
    out.writeBytes(message, from, message.length - from).writeByte('"');
  }
}
