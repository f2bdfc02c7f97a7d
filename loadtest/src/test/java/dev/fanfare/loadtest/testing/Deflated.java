package dev.fanfare.loadtest.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/// Payloads of `permessage-deflate` (RFC 7692, 7.2.1).
public final class Deflated {

  /// The omitted bytes: the end of the empty block that a flush writes.
  private static final int TAIL = 4;

  private Deflated() {}

  public static byte[] message(String text) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] part = new byte[1_024];
    int count = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
    while (count > 0) {
      out.write(part, 0, count);
      count = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
    }
    deflater.end();
    return Arrays.copyOf(out.toByteArray(), out.size() - TAIL);
  }
}
