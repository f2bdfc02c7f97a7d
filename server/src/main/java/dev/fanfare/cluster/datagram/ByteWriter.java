package dev.fanfare.cluster.datagram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// A growing array of bytes, big endian. Confined to one thread.
final class ByteWriter {

  private byte[] bytes;
  private int length;

  ByteWriter(int capacity) {
    this.bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  /// Forgets what was written.
  void clear() {
    length = 0;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /// The bytes so far; valid until the next write, and longer than [#length].
  byte[] array() {
    return bytes;
  }

  private void require(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }

  void u8(int value) {
    require(1);
    bytes[length++] = (byte) value;
  }

  void u16(int value) {
    u8(value >>> 8);
    u8(value);
  }

  void u32(long value) {
    u16((int) (value >>> 16));
    u16((int) value);
  }

  void u64(long value) {
    u32(value >>> 32);
    u32(value);
  }

  /// Seven bits per byte, the lowest first; negative values become 0.
  void varint(long value) {
    long rest = Math.max(0, value);
    while (rest > 0x7f) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  void bytes(byte[] value, int from, int count) {
    require(count);
    System.arraycopy(value, from, bytes, length, count);
    length += count;
  }

  void bytes(byte[] value) {
    bytes(value, 0, value.length);
  }

  /// A text with its length. UTF-8 cannot represent half a surrogate pair, which JSON may contain;
  /// a text with one is written as UTF-16, so that it arrives unchanged.
  void text(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    if (!hasLoneSurrogate(text, utf8)) {
      varint((long) utf8.length << 1);
      bytes(utf8);
      return;
    }
    // The JDK's encoder of UTF-16 replaces it, too.
    varint(((long) text.length() << 2) | 1);
    for (int i = 0; i < text.length(); i++) {
      u16(text.charAt(i));
    }
  }

  /// The encoder replaces half a pair with one byte, so only texts that lost bytes are searched.
  private static boolean hasLoneSurrogate(String text, byte[] utf8) {
    if (utf8.length == text.length() && isAscii(text)) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  /// How many bytes [#varint] writes.
  static int varintBytes(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, value));
    return (bits + 6) / 7;
  }
}
