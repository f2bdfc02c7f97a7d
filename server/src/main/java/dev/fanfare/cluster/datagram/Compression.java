package dev.fanfare.cluster.datagram;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Compresses the items of a snapshot, whose names resemble each other (RFC 1951, without a
/// header). Confined to one thread.
final class Compression {

  /// Less is not worth it.
  static final int MIN_BYTES = 1_024;

  static final int MAX_BYTES = 2 * DataPacket.PACK_BYTES;

  /// No more bytes than this can come out of one.
  private static final int MAX_RATIO = 1_100;

  private @Nullable Deflater deflater;
  private @Nullable Inflater inflater;

  /// Writes both lengths and what the bytes become.
  void write(ByteWriter out, ByteWriter plain) {
    Deflater made = deflater;
    if (made == null) {
      made = new Deflater(Deflater.BEST_SPEED, true);
      deflater = made;
    }
    made.reset();
    made.setInput(plain.array(), 0, plain.length());
    made.finish();
    byte[] compressed = new byte[plain.length() + MIN_BYTES]; // more than it can become
    int length = 0;
    while (!made.finished()) {
      length += made.deflate(compressed, length, compressed.length - length);
    }
    out.varint(plain.length());
    out.varint(length);
    out.bytes(compressed, 0, length);
  }

  /// What [#write] was given.
  ByteReader read(ByteReader in) throws MalformedDatagram {
    int length = in.varint(MAX_BYTES);
    byte[] compressed = in.bytes(in.varint());
    if (length > (long) compressed.length * MAX_RATIO) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
    Inflater made = inflater;
    if (made == null) {
      made = new Inflater(true);
      inflater = made;
    }
    made.reset();
    made.setInput(compressed);
    byte[] plain = new byte[length];
    try {
      if (made.inflate(plain) != length || !isAtEnd(made)) {
        throw new MalformedDatagram(Rejection.FORMAT);
      }
    } catch (DataFormatException e) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
    return new ByteReader(plain, 0, length);
  }

  /// The end may follow the last byte.
  private static boolean isAtEnd(Inflater inflater) throws DataFormatException {
    return inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished());
  }
}
