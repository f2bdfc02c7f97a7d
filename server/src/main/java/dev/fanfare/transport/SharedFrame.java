package dev.fanfare.transport;

import dev.fanfare.channel.Frames;
import dev.fanfare.channel.Outbound;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/// Complete WebSocket frames in one buffer that any number of sockets send.
final class SharedFrame implements Frames {

  private final ByteBuf bytes;

  private SharedFrame(ByteBuf bytes) {
    this.bytes = bytes;
  }

  /// The frames' bytes; whoever sends them retains a duplicate.
  ByteBuf bytes() {
    return bytes;
  }

  @Override
  public void release() {
    bytes.release();
  }

  /// Makes frames in buffers of `allocator`.
  static Frames.Maker maker(ByteBufAllocator allocator) {
    return messages -> join(allocator, messages);
  }

  private static SharedFrame join(ByteBufAllocator allocator, List<Outbound> messages) {
    int size = 0;
    for (Outbound message : messages) {
      int payload = message.utf8().length;
      size += FrameWriter.headerBytes(payload) + payload;
    }
    ByteBuf out = allocator.directBuffer(size, size);
    for (Outbound message : messages) {
      FrameWriter.writeFrame(out, FrameWriter.FIN_TEXT, message.utf8());
    }
    return new SharedFrame(out);
  }
}
