package dev.fanfare.transport.tls;

import dev.fanfare.transport.memory.Cut;
import dev.fanfare.transport.memory.Holdings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;

/// Netty's TLS handler for one socket. What an incomplete record holds, and what an incomplete
/// handshake has sent, count against the memory for requests. Confined to its lane.
final class TlsHandler extends SslHandler {

  private final Holdings holdings;

  /// Bytes of the incomplete handshake: the engine keeps messages that span records.
  private long handshakeBytes;

  private long held;

  /// @param signers runs the expensive tasks of the handshake
  TlsHandler(SSLEngine engine, Executor signers, Holdings holdings) {
    super(engine, false, signers);
    // For BoringSSL, Netty would keep the buffers that parts of a record have arrived in, however
    // little is in each.
    setCumulator(MERGE_CUMULATOR);
    this.holdings = holdings;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof ByteBuf bytes && !handshakeFuture().isDone()) {
      handshakeBytes += bytes.readableBytes();
    }
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    long input = actualReadableBytes() > 0 ? internalBuffer().capacity() : 0;
    long now = handshakeFuture().isDone() ? input : input + handshakeBytes;
    if (now != held) {
      held = now;
      if (!holdings.hold(ctx.channel(), Holdings.Part.TLS, now)) {
        Cut.now(ctx.channel(), holdings.usedUp("this connection needs " + now + " bytes for TLS"));
      }
    }
    super.channelReadComplete(ctx);
  }

  /// What a handshake failed for was reported with it. If that has closed the socket, the handlers
  /// after this one are gone, and the pipeline would log the failure once more.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (!(HandshakeFailure.isReported(cause) && ctx.isRemoved())) {
      super.exceptionCaught(ctx, cause);
    }
  }
}
