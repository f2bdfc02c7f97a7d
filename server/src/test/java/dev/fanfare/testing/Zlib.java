package dev.fanfare.testing;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// The payload of compressed messages (RFC 7692 section 7.2), as a client without context makes and
/// reads it.
public final class Zlib {

  private static final byte[] TAIL = {0, 0, -1, -1};

  private Zlib() {}

  public static byte[] deflate(byte[] message) {
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(message);
      byte[] out = new byte[message.length + 100];
      int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(out, length - TAIL.length);
    }
  }

  public static byte[] inflate(byte[] payload) {
    byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
    System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(input);
      byte[] out = new byte[1 << 20];
      return Arrays.copyOf(out, inflater.inflate(out));
    } catch (DataFormatException e) {
      throw new AssertionError("not compressed as it should be", e);
    }
  }
}
