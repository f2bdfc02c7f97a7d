package dev.fanfare.transport.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/// Bytes collected for one socket until a body or a message is complete, in a buffer whose memory
/// is reserved before it is allocated. Copies, because a slice of the input would keep the whole
/// input buffer alive. Confined to the lane.
public final class HeldBytes {

  private static final int FIRST_BYTES = 1_024;

  private final Holdings holdings;
  private final Channel socket;
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

  public HeldBytes(Holdings holdings, Channel socket) {
    this.holdings = holdings;
    this.socket = socket;
  }

  /// Appends `content`, which is read but not released.
  ///
  /// @param expected how many bytes there will be at most
  /// @return false if the memory cannot be had; nothing was appended
  public boolean append(ByteBuf content, int expected) {
    int size = bytes.readableBytes() + content.readableBytes();
    if (size > bytes.capacity() && !grow(size, expected)) {
      return false;
    }
    bytes.writeBytes(content);
    return true;
  }

  private boolean grow(int size, int expected) {
    int wanted = Math.max(FIRST_BYTES, 2 * Math.min(bytes.capacity(), Integer.MAX_VALUE / 2));
    int capacity = Math.max(size, Math.min(wanted, expected));
    long both = (long) bytes.capacity() + capacity;
    if (!holdings.hold(socket, Holdings.Part.BODY, both)) {
      return false;
    }
    ByteBuf larger = socket.alloc().directBuffer(capacity, capacity).writeBytes(bytes);
    bytes.release();
    bytes = larger;
    return holdings.hold(socket, Holdings.Part.BODY, capacity);
  }

  public int size() {
    return bytes.readableBytes();
  }

  /// What was collected; valid until [#clear].
  public ByteBuf bytes() {
    return bytes;
  }

  /// Frees the memory.
  public void clear() {
    bytes.release();
    bytes = Unpooled.EMPTY_BUFFER;
    var _ = holdings.hold(socket, Holdings.Part.BODY, 0);
  }
}
