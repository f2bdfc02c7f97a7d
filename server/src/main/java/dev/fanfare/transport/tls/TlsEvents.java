package dev.fanfare.transport.tls;

import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.LaneContext;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/// Handles one socket's TLS events: a failed handshake is reported with its reason, later failures
/// close the socket like a broken connection. Confined to its lane.
final class TlsEvents extends ChannelInboundHandlerAdapter {

  private final HttpPeer peer;
  private final LaneContext context;

  TlsEvents(HttpPeer peer, LaneContext context) {
    this.peer = peer;
    this.context = context;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    onHandshakeOver();
  }

  private void onHandshakeOver() {
    context.http().handshakes().end(peer, context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      onHandshakeOver();
    }
    switch (event) {
      case SslHandshakeCompletionEvent handshake when !handshake.isSuccess() ->
          peer.end("TLS handshake failed: " + HandshakeFailure.reason(handshake.cause()));
      // The peer sent close_notify, the equivalent of a FIN.
      case SslCloseCompletionEvent close when close.isSuccess() && hasPeerEnded(ctx) -> {
        var _ = ctx.close();
      }
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  /// False if only we have ended: then BoringSSL reports an end with what the peer still sends, and
  /// closing would reset the socket before the peer has read our response.
  private static boolean hasPeerEnded(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    return tls == null || tls.engine().isInboundDone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (HandshakeFailure.isReported(cause)) {
      var _ = ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
