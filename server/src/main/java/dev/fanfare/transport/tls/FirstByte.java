package dev.fanfare.transport.tls;

import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.LaneContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;

/// Distinguishes TLS from plain text by a socket's first byte, then removes itself; with TLS, when
/// it is the turn of its handshake. No HTTP request begins with the byte of a TLS handshake record,
/// or with a byte that is not ASCII. Confined to its lane.
public final class FirstByte extends ByteToMessageDecoder {

  /// First byte of a TLS handshake record (RFC 8446 section 5.1).
  private static final int HANDSHAKE = 22;

  private static final int MAX_ASCII = 0x7f;

  /// Bytes that may arrive before the handshake begins; a client sends its hello and waits.
  private static final int MAX_WAITING_BYTES = 16 * 1_024;

  private final Tls tls;
  private final HttpPeer peer;
  private final LaneContext context;
  private boolean isWaiting;

  public FirstByte(Tls tls, HttpPeer peer, LaneContext context) {
    this.tls = tls;
    this.peer = peer;
    this.context = context;
  }

  public static boolean isTls(ByteBuf bytes) {
    return bytes.isReadable() && bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (isWaiting) {
      if (in.readableBytes() > MAX_WAITING_BYTES) {
        in.skipBytes(in.readableBytes());
        peer.end("TLS: more than " + MAX_WAITING_BYTES + " bytes before the handshake began");
      }
      return;
    }
    int first = in.getUnsignedByte(in.readerIndex());
    if (first == HANDSHAKE) {
      isWaiting = true;
      peer.secure();
      context.http().handshakes().begin(peer, () -> start(ctx), context, ctx.executor());
    } else if (first > MAX_ASCII) {
      in.skipBytes(in.readableBytes());
      peer.end("first byte " + first + " is neither TLS nor HTTP");
    } else {
      ctx.pipeline().remove(this);
    }
  }

  private void start(ChannelHandlerContext ctx) {
    isWaiting = false;
    Executor turns = context.http().handshakes().turns(peer, context, ctx.executor());
    SslHandler handler = tls.newHandler(ctx.alloc(), context.requests(), turns);
    ctx.pipeline().addAfter(ctx.name(), null, new TlsEvents(peer, context));
    ctx.pipeline().addAfter(ctx.name(), null, handler);
    ctx.pipeline().remove(this); // which passes the hello on
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (isWaiting) {
      context.http().handshakes().end(peer, context);
    }
  }
}
