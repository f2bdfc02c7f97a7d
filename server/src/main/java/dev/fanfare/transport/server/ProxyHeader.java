package dev.fanfare.transport.server;

import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.ServerOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.util.List;

/// Looks for a PROXY protocol header (version 1 or 2), in which a proxy names its client, in the
/// first bytes of a socket. The header of an untrusted peer is left to the HTTP decoder, which
/// refuses it as a bad request. Confined to its lane.
final class ProxyHeader extends ByteToMessageDecoder {

  /// Bytes of a header's additional fields (version 2), which are not used here. Proxies send some
  /// hundred at most; without a limit they could send 64 KiB.
  private static final int MAX_TLV_BYTES = 4_096;

  private final boolean isTrusted;
  private final boolean isRequired;
  private final HttpPeer peer;

  private ProxyHeader(boolean isTrusted, boolean isRequired, HttpPeer peer) {
    this.isTrusted = isTrusted;
    this.isRequired = isRequired;
    this.peer = peer;
  }

  /// Adds the handler before all others, if this socket may or must begin with a header.
  static void addTo(ChannelPipeline pipeline, ServerOptions options, HttpPeer peer) {
    boolean isRequired = options.proxyProtocol() == ServerOptions.ProxyProtocol.REQUIRED;
    boolean isTrusted = peer.remote().isAmong(options.trustedProxies());
    if (options.proxyProtocol() != ServerOptions.ProxyProtocol.OFF && (isTrusted || isRequired)) {
      pipeline.addFirst(new ProxyHeader(isTrusted, isRequired, peer));
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (isTrusted) {
      ctx.fireChannelActive();
    } else {
      peer.end("not a trusted proxy (trusted_proxies), and proxy_protocol is required");
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    switch (HAProxyMessageDecoder.detectProtocol(in).state()) {
      case NEEDS_MORE_DATA -> {}
      case DETECTED -> {
        ctx.pipeline().addAfter(ctx.name(), null, new ProxiedSource(peer));
        ctx.pipeline().addAfter(ctx.name(), null, new HAProxyMessageDecoder(MAX_TLV_BYTES));
        ctx.pipeline().remove(this);
      }
      case INVALID -> {
        if (isRequired) {
          in.skipBytes(in.readableBytes());
          peer.end("no PROXY protocol header, and proxy_protocol is required");
        } else {
          ctx.pipeline().remove(this);
        }
      }
    }
  }
}
