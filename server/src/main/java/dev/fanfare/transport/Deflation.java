package dev.fanfare.transport;

import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Compresses messages (RFC 7692 section 7.2.1), each on its own. Confined to its lane; holds
/// native memory from the first message on.
public final class Deflation implements AutoCloseable {

  /// Shorter messages are not compressed: that takes as long as sending them and saves about twelve
  /// bytes of a packet.
  static final int MIN_BYTES = 128;

  /// The empty block that ends each flush, 00 00 ff ff, is not sent.
  private static final int TAIL_BYTES = 4;

  private static final int SCRATCH_BYTES = 16 * 1_024;
  private static final byte[] NONE = new byte[0];

  private @Nullable Deflater deflater;
  private byte[] scratch = NONE;

  /// The payload of a compressed frame; empty if the message is better sent uncompressed.
  public byte[] deflate(byte[] message) {
    if (message.length < MIN_BYTES) {
      return NONE;
    }
    Deflater zlib = deflater();
    int room = message.length + TAIL_BYTES;
    byte[] out = room <= scratch.length ? scratch : new byte[room];
    zlib.setInput(message);
    int length = zlib.deflate(out, 0, room, Deflater.SYNC_FLUSH);
    zlib.reset();
    // Complete only if room was left.
    return length < room ? Arrays.copyOf(out, length - TAIL_BYTES) : NONE;
  }

  private Deflater deflater() {
    Deflater zlib = deflater;
    if (zlib == null) {
      zlib = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      deflater = zlib;
      scratch = new byte[SCRATCH_BYTES];
    }
    return zlib;
  }

  /// Frees the native memory; nothing can be compressed afterwards.
  @Override
  public void close() {
    if (deflater != null) {
      deflater.end();
    }
  }
}
