package dev.fanfare.cluster.datagram;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.protocol.Utf8;
import java.util.Arrays;

/// Reads what [ByteWriter] wrote, and checks every length against what is there. Confined to one
/// thread.
final class ByteReader {

  private static final int MAX_VARINT_BITS = 63;
  private static final char REPLACEMENT = '\ufffd';

  private final byte[] bytes;
  private int position;
  private int limit;

  ByteReader(byte[] bytes, int position, int limit) {
    this.bytes = bytes;
    this.position = position;
    this.limit = limit;
  }

  int remaining() {
    return limit - position;
  }

  private void require(long count) throws MalformedDatagram {
    if (count < 0 || count > remaining()) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
  }

  int u8() throws MalformedDatagram {
    require(1);
    return bytes[position++] & 0xff;
  }

  /// What [#u8] returns next.
  int peek() throws MalformedDatagram {
    require(1);
    return bytes[position] & 0xff;
  }

  int u16() throws MalformedDatagram {
    require(Short.BYTES);
    return (u8() << 8) | u8();
  }

  long u32() throws MalformedDatagram {
    require(Integer.BYTES);
    return ((long) u16() << 16) | u16();
  }

  long u64() throws MalformedDatagram {
    require(Long.BYTES);
    return (u32() << 32) | u32();
  }

  /// Not negative.
  long varint() throws MalformedDatagram {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedDatagram(Rejection.FORMAT);
  }

  int varint(int max) throws MalformedDatagram {
    long value = varint();
    if (value > max) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
    return (int) value;
  }

  String text() throws MalformedDatagram {
    long header = varint();
    long length = header >>> 1;
    require(length);
    if ((header & 1) != 0) {
      return wideText((int) length);
    }
    String text = new String(bytes, position, (int) length, UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0 && !isValid((int) length)) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
    position += (int) length;
    return text;
  }

  private String wideText(int length) throws MalformedDatagram {
    if (length % Character.BYTES != 0) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
    char[] text = new char[length / Character.BYTES];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) u16();
    }
    return new String(text);
  }

  private boolean isValid(int length) {
    return Utf8.isValid(Arrays.copyOfRange(bytes, position, position + length));
  }

  /// A copy of the next bytes.
  byte[] bytes(long count) throws MalformedDatagram {
    require(count);
    position += (int) count;
    return Arrays.copyOfRange(bytes, position - (int) count, position);
  }

  /// The next bytes, read separately.
  ByteReader slice(long count) throws MalformedDatagram {
    require(count);
    ByteReader slice = new ByteReader(bytes, position, position + (int) count);
    position += (int) count;
    return slice;
  }

  void requireEnd() throws MalformedDatagram {
    if (position != limit) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
  }
}
