package dev.fanfare.transport.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/// Closes a socket after its handshake: an authority has seen what it came for (RFC 8737 section
/// 3). Confined to its lane.
final class ChallengeEnd extends ChannelInboundHandlerAdapter {

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      var _ = ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
