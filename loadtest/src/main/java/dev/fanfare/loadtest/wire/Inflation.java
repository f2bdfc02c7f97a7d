package dev.fanfare.loadtest.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates `permessage-deflate` messages (RFC 7692) without context takeover, so one instance
/// serves all connections of a thread. Confined to that thread.
public final class Inflation implements AutoCloseable {

  private final Inflater inflater = new Inflater(true);
  private byte[] text = new byte[4_096];
  private long messages;

  /// Messages inflated so far.
  public long messages() {
    return messages;
  }

  /// The text of one message, little-endian and valid until the next call; `null` if it is not
  /// DEFLATE, or longer than `limit`. The four bytes that the sender omitted are not appended (RFC
  /// 7692, 7.2.2): they end an empty block.
  @Nullable ByteBuffer inflate(ByteBuffer in, int at, int length, int limit) {
    inflater.reset();
    inflater.setInput(in.slice(at, length));
    try {
      int there = 0;
      int more = inflater.inflate(text, 0, text.length);
      while (more > 0) {
        there += more;
        if (there > limit) {
          return null;
        }
        if (there == text.length) {
          text = Arrays.copyOf(text, 2 * there);
        }
        more = inflater.inflate(text, there, text.length - there);
      }
      messages++;
      return ByteBuffer.wrap(text, 0, there).order(ByteOrder.LITTLE_ENDIAN);
    } catch (DataFormatException e) {
      return null;
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
