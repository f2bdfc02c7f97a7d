package dev.fanfare.transport;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates compressed messages (RFC 7692 section 7.2.2), each on its own, for all sockets of a
/// lane. Confined to it; holds native memory from the first message on.
public final class Inflation implements AutoCloseable {

  /// The result of inflating a message.
  public sealed interface Inflated {

    /// The uncompressed message.
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Message(byte[] bytes) implements Inflated {}

    /// It is longer than allowed.
    ///
    /// @param bytes bytes inflated before giving up; there may be more
    record TooBig(int bytes) implements Inflated {}

    /// The compressed data is invalid.
    record Corrupt(String reason) implements Inflated {}
  }

  /// Final blocks allowed within one message. More than one is legal but unusual, and each costs as
  /// much as a small message.
  static final int MAX_ENDS = 256;

  /// The empty block that senders omit, followed by a final block, so that truncated data and
  /// trailing data are detected.
  private static final byte[] TAIL = {0, 0, -1, -1, 3, 0};

  private static final int SCRATCH_BYTES = 16 * 1_024;
  private static final byte[] NONE = new byte[0];

  private @Nullable Inflater inflater;
  private byte[] scratch = NONE;

  /// Reads all of `compressed`; the inflated message may have at most `maxBytes`.
  public Inflated inflate(ByteBuf compressed, int maxBytes) {
    int length = compressed.readableBytes();
    byte[] input = new byte[length + TAIL.length];
    compressed.readBytes(input, 0, length);
    System.arraycopy(TAIL, 0, input, length, TAIL.length);
    Inflater zlib = inflater();
    try {
      return inflate(zlib, input, maxBytes);
    } catch (DataFormatException e) {
      return new Inflated.Corrupt(String.valueOf(e.getMessage()));
    } finally {
      zlib.reset();
    }
  }

  private Inflated inflate(Inflater zlib, byte[] input, int maxBytes) throws DataFormatException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int ends = 0;
    zlib.setInput(input);
    while (true) {
      int count = zlib.inflate(scratch);
      if (message.size() + count > maxBytes) {
        return new Inflated.TooBig(message.size() + count);
      }
      message.write(scratch, 0, count);
      if (zlib.finished()) {
        int rest = zlib.getRemaining();
        if (rest == 0) {
          return new Inflated.Message(message.toByteArray());
        }
        if (++ends > MAX_ENDS) {
          return new Inflated.Corrupt("more than " + MAX_ENDS + " final blocks");
        }
        zlib.reset();
        zlib.setInput(input, input.length - rest, rest);
      } else if (count == 0) {
        return new Inflated.Corrupt("truncated");
      }
    }
  }

  private Inflater inflater() {
    Inflater zlib = inflater;
    if (zlib == null) {
      zlib = new Inflater(true);
      inflater = zlib;
      scratch = new byte[SCRATCH_BYTES];
    }
    return zlib;
  }

  /// Frees the native memory; nothing can be inflated afterwards.
  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
    }
  }
}
