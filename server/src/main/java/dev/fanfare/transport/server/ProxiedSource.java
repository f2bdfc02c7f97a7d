package dev.fanfare.transport.server;

import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.address.Ip;
import dev.fanfare.transport.address.Remote;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;

/// Passes the client address of a PROXY protocol header to the [HttpPeer], then removes itself.
/// Confined to its lane.
final class ProxiedSource extends SimpleChannelInboundHandler<HAProxyMessage> {

  private final HttpPeer peer;

  /// True after a malformed header. The decoder goes on with what follows it, which does not count.
  private boolean isRefused;

  ProxiedSource(HttpPeer peer) {
    this.peer = peer;
  }

  /// Health checks of the proxy itself name no client.
  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
    if (isRefused) {
      return;
    }
    String source = header.sourceAddress();
    Ip ip = source == null ? null : Ip.parse(source);
    if (ip != null) {
      peer.setRemote(new Remote(ip, header.sourcePort()));
    }
    ctx.pipeline().remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The decoder does not check the length of a field within a field.
    if (cause instanceof DecoderException || cause instanceof IndexOutOfBoundsException) {
      if (!isRefused) {
        isRefused = true;
        peer.end("malformed PROXY protocol header: " + cause.getMessage());
      }
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
