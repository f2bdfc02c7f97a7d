package dev.fanfare.transport.tls;

import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.memory.Holdings;
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

  /// Bytes of an incomplete hello.
  private int held;

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
    ClientHello.Purpose purpose = first == HANDSHAKE ? purpose(in) : ClientHello.Purpose.OTHER;
    if (purpose == ClientHello.Purpose.UNKNOWN) {
      hold(ctx, in.readableBytes());
      return;
    }
    hold(ctx, 0);
    boolean isChallenge = purpose == ClientHello.Purpose.CHALLENGE;
    if (first == HANDSHAKE && !isChallenge && !tls.isReady()) {
      in.skipBytes(in.readableBytes());
      peer.end("TLS: there is no certificate yet (acme_domains)");
    } else if (first == HANDSHAKE) {
      isWaiting = true;
      peer.secure();
      context
          .http()
          .handshakes()
          .begin(peer, () -> start(ctx, isChallenge), context, ctx.executor());
    } else if (first > MAX_ASCII) {
      in.skipBytes(in.readableBytes());
      peer.end("first byte " + first + " is neither TLS nor HTTP");
    } else {
      ctx.pipeline().remove(this);
    }
  }

  /// Looked for only while an authority examines a domain.
  private ClientHello.Purpose purpose(ByteBuf in) {
    return tls.hasChallenge() ? ClientHello.purpose(in) : ClientHello.Purpose.OTHER;
  }

  /// Counts an incomplete hello like any other part of a handshake.
  private void hold(ChannelHandlerContext ctx, int bytes) {
    if (bytes != held) {
      held = bytes;
      if (!context.requests().hold(ctx.channel(), Holdings.Part.TLS, bytes)) {
        peer.end("TLS: the memory for handshakes is used up");
      }
    }
  }

  private void start(ChannelHandlerContext ctx, boolean isChallenge) {
    isWaiting = false;
    Executor turns = context.http().handshakes().turns(peer, context, ctx.executor());
    SslHandler handler =
        isChallenge
            ? tls.newChallengeHandler(ctx.alloc(), context.requests())
            : tls.newHandler(ctx.alloc(), context.requests(), turns);
    if (handler == null) {
      peer.end("TLS: the examination of the domain is over");
      return;
    }
    if (isChallenge) {
      ctx.pipeline().addAfter(ctx.name(), null, new ChallengeEnd());
    }
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
