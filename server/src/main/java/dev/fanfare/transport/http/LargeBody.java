package dev.fanfare.transport.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.util.concurrent.TimeUnit;

/// The body of a large response, written in slices: a few in each turn of the loop, and none while
/// the peer does not read. Written at once, it would be copied to direct memory at once, and keep
/// the lane from everything else. Confined to its lane.
final class LargeBody {

  static final int SLICE_BYTES = 64 * 1_024;

  /// Slices in one turn.
  static final int SLICES = 2;

  /// Bodies with more bytes are large.
  static final int LIMIT_BYTES = SLICES * SLICE_BYTES;

  private final ChannelHandlerContext ctx;
  private final byte[] bytes;
  private final Runnable onFlush;
  private final Runnable onWritten;
  private int written;

  /// Within a turn, between two of them, and after the last one.
  private boolean isBusy;

  /// @param ctx where the response's head was written
  /// @param onFlush runs after some of the slices were sent
  /// @param onWritten runs once, when nothing of the body is left; then the end has to be written
  LargeBody(ChannelHandlerContext ctx, byte[] bytes, Runnable onFlush, Runnable onWritten) {
    this.ctx = ctx;
    this.bytes = bytes;
    this.onFlush = onFlush;
    this.onWritten = onWritten;
  }

  /// Goes on, unless the peer does not read, the rest is scheduled already, or nothing is left.
  void resume() {
    if (!isBusy) {
      write();
    }
  }

  private void write() {
    // Set first: a write or a flush may change whether the socket is writable, which resumes this.
    isBusy = true;
    for (int i = 0; i < SLICES && written < bytes.length && ctx.channel().isWritable(); i++) {
      int length = Math.min(SLICE_BYTES, bytes.length - written);
      var slice = new DefaultHttpContent(Unpooled.wrappedBuffer(bytes, written, length));
      written += length;
      var _ = ctx.write(slice, ctx.voidPromise());
    }
    if (written == bytes.length) {
      onWritten.run();
      return;
    }
    ctx.flush();
    onFlush.run();
    isBusy = ctx.channel().isWritable();
    if (isBusy) {
      // Runs after the loop has read from its sockets, as a delivery goes on.
      var _ = ctx.executor().schedule(this::write, 0, TimeUnit.NANOSECONDS);
    }
  }
}
