package dev.fanfare.transport.websocket;

import dev.fanfare.session.SocketLog;
import dev.fanfare.transport.memory.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;

/// Passes what is written to a socket and read from it to a [SocketLog], as plain text also with
/// TLS. A socket that is not traced has none. Confined to its lane.
final class SocketTap extends ChannelDuplexHandler {

  private final NettyConnection connection;
  private final SocketLog log;

  private SocketTap(NettyConnection connection, SocketLog log) {
    this.connection = connection;
    this.log = log;
  }

  /// Puts one before the frames of a connection, in place of an earlier one.
  static void install(NettyConnection connection, SocketLog log) {
    ChannelPipeline pipeline = connection.socket().pipeline();
    ChannelHandlerContext frames = pipeline.context(FrameDecoder.class);
    if (frames != null) { // else the socket has ended
      if (pipeline.get(SocketTap.class) != null) {
        pipeline.remove(SocketTap.class);
      }
      pipeline.addBefore(frames.name(), null, new SocketTap(connection, log));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    connection.setDirect(DirectWrite.NEVER); // else it would see only a part
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    connection.setDirect(DirectWrite.UNDECIDED);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf frames && frames.isReadable()) {
      log.onWritten(frames.readableBytes(), Backlog.pending(ctx.channel()));
    }
    var _ = ctx.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    if (log.isOver()) {
      ctx.pipeline().remove(this);
    } else if (log.onFlushed(Backlog.pending(ctx.channel())) && !connection.isClosing()) {
      connection.ping(new byte[0]);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    log.onRead();
    ctx.fireChannelRead(message);
  }
}
