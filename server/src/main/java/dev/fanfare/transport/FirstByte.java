package dev.fanfare.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

/// Distinguishes TLS from plain text by a socket's first byte, then removes itself. No HTTP request
/// begins with the byte of a TLS handshake record, or with a byte that is not ASCII. Confined to
/// its lane.
final class FirstByte extends ByteToMessageDecoder {

  /// First byte of a TLS handshake record (RFC 8446 section 5.1).
  private static final int HANDSHAKE = 22;

  private static final int MAX_ASCII = 0x7f;

  private final Tls tls;
  private final HttpGateway gateway;
  private final Holdings holdings;

  FirstByte(Tls tls, HttpGateway gateway, Holdings holdings) {
    this.holdings = holdings;
    this.tls = tls;
    this.gateway = gateway;
  }

  static boolean isTls(ByteBuf bytes) {
    return bytes.isReadable() && bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int first = in.getUnsignedByte(in.readerIndex());
    if (first == HANDSHAKE) {
      SslHandler handler = tls.newHandler(ctx.alloc(), holdings);
      ctx.pipeline().addAfter(ctx.name(), null, new TlsEvents(gateway));
      ctx.pipeline().addAfter(ctx.name(), null, handler);
      gateway.activity().secure();
      ctx.pipeline().remove(this);
    } else if (first > MAX_ASCII) {
      in.skipBytes(in.readableBytes());
      gateway.end("first byte " + first + " is neither TLS nor HTTP");
    } else {
      ctx.pipeline().remove(this);
    }
  }
}
