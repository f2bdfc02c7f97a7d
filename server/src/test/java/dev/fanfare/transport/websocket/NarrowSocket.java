package dev.fanfare.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A socket without a network whose kernel accepts as many bytes as the test lets it.
final class NarrowSocket extends EmbeddedChannel {

  private final ByteArrayOutputStream accepted = new ByteArrayOutputStream();
  private int room = Integer.MAX_VALUE;
  private @Nullable IOException failure;
  private int calls;
  private int vainCalls;

  /// The way past the pipeline to the same kernel.
  DirectWrite direct() {
    return new DirectWrite() {
      @Override
      boolean isOpen() {
        return NarrowSocket.this.isOpen();
      }

      @Override
      int send(ByteBuf frame) throws IOException {
        return accept(frame);
      }
    };
  }

  private int accept(ByteBuf bytes) throws IOException {
    calls++;
    int taken = failure == null ? Math.min(room, bytes.readableBytes()) : 0;
    vainCalls += taken == 0 ? 1 : 0;
    if (failure != null) {
      throw failure;
    }
    room -= taken;
    byte[] copy = new byte[taken];
    bytes.getBytes(bytes.readerIndex(), copy);
    accepted.writeBytes(copy);
    return taken;
  }

  /// Like that of a socket over epoll: gathers all buffers, until all is sent or the kernel is
  /// full.
  @Override
  protected void doWrite(ChannelOutboundBuffer in) throws Exception {
    while (!in.isEmpty()) {
      ByteBuf all = Unpooled.buffer();
      in.forEachFlushedMessage(message -> {
        ByteBuf bytes = (ByteBuf) message;
        all.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        return true;
      });
      int taken = all.isReadable() ? accept(all) : 0;
      if (taken == 0 && all.isReadable()) {
        return;
      }
      in.removeBytes(taken);
    }
  }

  /// The peer has read: so many bytes more are accepted.
  void read(int bytes) {
    boolean isBlocked = room == 0;
    room = bytes;
    if (isBlocked) {
      flush();
    }
  }

  /// From now on each write fails.
  void fail(IOException why) {
    failure = why;
  }

  /// Calls of the kernel since the last time.
  int takeCalls() {
    int made = calls;
    calls = 0;
    return made;
  }

  /// Calls that failed, or of which the kernel accepted nothing, since the last time.
  int takeVainCalls() {
    int made = vainCalls;
    vainCalls = 0;
    return made;
  }

  byte[] accepted() {
    return accepted.toByteArray();
  }
}
