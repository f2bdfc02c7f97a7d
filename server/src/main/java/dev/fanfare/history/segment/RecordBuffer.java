package dev.fanfare.history.segment;

import java.nio.ByteBuffer;

/// Bytes that are written with the next write. Confined to the thread that writes.
final class RecordBuffer {

  private static final int FIRST_BYTES = 8_192;

  /// A larger one is dropped after use.
  private static final int MAX_KEPT_BYTES = 1 << 20;

  private ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES);

  int size() {
    return bytes.position();
  }

  void clear() {
    if (bytes.capacity() > MAX_KEPT_BYTES) {
      bytes = ByteBuffer.allocate(FIRST_BYTES);
    }
    bytes.clear();
  }

  /// What was put from this position on.
  ByteBuffer written(int from) {
    return bytes.duplicate().flip().position(from);
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int capacity = Math.max(bytes.position() + more, 2 * bytes.capacity());
      bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
    }
    return bytes;
  }

  void put(byte value) {
    room(1).put(value);
  }

  void put(byte[] value) {
    room(value.length).put(value);
  }

  void putChar(char value) {
    room(Character.BYTES).putChar(value);
  }

  void putInt(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void putLong(long value) {
    room(Long.BYTES).putLong(value);
  }

  void setInt(int position, int value) {
    bytes.putInt(position, value);
  }
}
