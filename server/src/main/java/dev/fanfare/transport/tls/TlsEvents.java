package dev.fanfare.transport.tls;

import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.LaneContext;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

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
          peer.end("TLS handshake failed: " + reason(handshake.cause()));
      // The peer sent close_notify, the equivalent of a FIN.
      case SslCloseCompletionEvent close when close.isSuccess() -> {
        var _ = ctx.close();
      }
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
      var _ = ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  private static String reason(Throwable cause) {
    if (cause instanceof NotSslRecordException) {
      return "not a TLS record"; // its message would repeat all the bytes
    }
    if (cause instanceof ClosedChannelException) {
      return "peer closed the connection during the handshake";
    }
    String message = String.valueOf(cause.getMessage());
    boolean isDistrust =
        message.contains("certificate_unknown")
            || message.contains("unknown_ca")
            || message.contains("bad_certificate");
    return isDistrust
        ? message + "; the client does not trust the certificate: chain, name or authority"
        : message;
  }
}
