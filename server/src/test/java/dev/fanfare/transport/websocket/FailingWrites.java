package dev.fanfare.transport.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/// Makes a socket's n-th write or flush throw, or loses it.
public final class FailingWrites extends ChannelOutboundHandlerAdapter {
  private final Fault fault;

  public FailingWrites(Fault fault) {
    this.fault = fault;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    try {
      if (fault.step()) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
        return;
      }
    } catch (Fault.Injected e) {
      ReferenceCountUtil.release(message);
      throw e;
    }
    var _ = ctx.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!fault.step()) {
      ctx.flush();
    }
  }
}
