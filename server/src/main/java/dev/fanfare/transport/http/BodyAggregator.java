package dev.fanfare.transport.http;

import dev.fanfare.http.Admission;
import dev.fanfare.transport.memory.HeldBytes;
import dev.fanfare.transport.memory.Holdings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// Collects a request's body, answers `Expect: 100-continue`, and refuses bodies over the limit.
/// Drops everything once the gateway has sent its last response. Confined to its lane.
///
/// A body that does not arrive together with its head is collected only if the head is signed, or
/// its app is still being looked up: the signature covers the digest of the body. Any other is
/// dropped as it arrives. The connection stays usable after a short one, or one of unknown length;
/// a long one is not awaited: the request is answered and the connection closed.
public final class BodyAggregator extends ChannelInboundHandlerAdapter {

  /// Announced bytes of a body that is read to its end although it is not needed.
  private static final int MAX_DROPPED_BYTES = 64 * 1_024;

  private static final byte[] NO_BODY = new byte[0];

  private final int maxBytes;
  private final HttpGateway gateway;
  private final Holdings holdings;

  /// Of the request whose body is arriving; null between requests.
  private @Nullable HttpRequest head;

  private long arrived;

  /// True once the head was examined.
  private boolean isAdmitted;

  private @Nullable Admission admission;

  /// True if the body is needed although the request is not signed.
  private boolean isNeeded;

  /// Null if nothing is collected.
  private @Nullable HeldBytes body;

  public BodyAggregator(int maxBytes, HttpGateway gateway, Holdings holdings) {
    this.maxBytes = maxBytes;
    this.gateway = gateway;
    this.holdings = holdings;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (gateway.hasEnded() || gateway.isUpgrading()) {
        drop();
      } else if (message instanceof HttpRequest request) {
        onHead(ctx, request);
      } else if (message instanceof HttpContent content) {
        onContent(ctx, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void onHead(ChannelHandlerContext ctx, HttpRequest request) {
    drop();
    if (request.decoderResult().isFailure()) {
      finish(ctx, request, NO_BODY, false);
      return;
    }
    gateway.onHead(ctx, request);
    if (gateway.hasEnded()) {
      return;
    }
    head = request;
    String expected = request.headers().get(HttpHeaderNames.EXPECT);
    boolean isExpecting =
        expected != null && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    if (isExpecting && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
      gateway.refuse(ctx, request, 417, "Unknown expectation, only 100-continue is supported");
    } else if (HttpUtil.getContentLength(request, -1L) > maxBytes) {
      gateway.refuse(ctx, request, 413, tooLarge(request));
    } else if (isExpecting) {
      onContinue(ctx, request);
    }
  }

  /// The client waits for a response before it sends the body.
  private void onContinue(ChannelHandlerContext ctx, HttpRequest request) {
    admit(request);
    if (isAnswered()) {
      finish(ctx, request, NO_BODY, true);
    } else {
      var _ =
          ctx.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
              ctx.voidPromise());
    }
  }

  private void onContent(ChannelHandlerContext ctx, HttpContent content) {
    HttpRequest request = head;
    if (request == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      request.setDecoderResult(content.decoderResult());
      finish(ctx, request, NO_BODY, false);
      return;
    }
    arrived += content.content().readableBytes();
    boolean isLast = content instanceof LastHttpContent;
    if (arrived > maxBytes) {
      drop();
      gateway.refuse(ctx, request, 413, tooLarge(request));
    } else if (isLast && arrived == content.content().readableBytes()) {
      finish(ctx, request, bytes(content.content()), false); // in one piece
    } else {
      onPart(ctx, request, content.content(), isLast);
    }
  }

  private void onPart(
      ChannelHandlerContext ctx, HttpRequest request, ByteBuf part, boolean isLast) {
    if (!isAdmitted) {
      admit(request);
    }
    if (!isNeeded && (admission == null || !admission.needsBody())) {
      if (isLast || mustAnswer(request)) {
        finish(ctx, request, NO_BODY, !isLast);
      }
      return;
    }
    HeldBytes collected = body;
    if (collected == null) {
      collected = new HeldBytes(holdings, ctx.channel());
      body = collected;
    }
    long length = HttpUtil.getContentLength(request, (long) maxBytes);
    if (!collected.append(part, (int) Math.min(length, maxBytes))) {
      gateway.cut(holdings.usedUp("this request has " + arrived + " bytes so far"));
    } else if (isLast) {
      finish(ctx, request, bytes(collected.bytes()), false);
    }
  }

  /// True if the head has an answer, whatever the body is.
  private boolean isAnswered() {
    return admission != null && !admission.needsBody();
  }

  /// True if the rest of a body that is not needed is too long to wait for.
  private boolean mustAnswer(HttpRequest request) {
    return isAnswered() && HttpUtil.getContentLength(request, 0L) > MAX_DROPPED_BYTES;
  }

  private void admit(HttpRequest request) {
    isAdmitted = true;
    boolean hasBody = arrived > 0 || HttpUtil.getContentLength(request, 0L) > 0;
    admission = gateway.admit(request, hasBody);
    isNeeded = admission == null && gateway.needsBody(request);
  }

  /// Everything that arrived has been read: if the body is late, the head is examined now.
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    HttpRequest request = head;
    if (request != null && !isAdmitted && !gateway.hasEnded()) {
      admit(request);
      if (mustAnswer(request)) {
        finish(ctx, request, NO_BODY, true);
      }
    }
    ctx.fireChannelReadComplete();
  }

  private void finish(
      ChannelHandlerContext ctx, HttpRequest request, byte[] bytes, boolean isCutShort) {
    Admission examined = admission;
    drop();
    ctx.fireChannelRead(new WholeRequest(request, bytes, examined, isCutShort));
  }

  private static byte[] bytes(ByteBuf content) {
    return content.isReadable() ? ByteBufUtil.getBytes(content) : NO_BODY;
  }

  /// Forgets the request in progress and frees its memory.
  void drop() {
    head = null;
    arrived = 0;
    isAdmitted = false;
    admission = null;
    isNeeded = false;
    if (body != null) {
      body.clear();
      body = null;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    drop();
  }

  private String tooLarge(HttpRequest request) {
    long length = HttpUtil.getContentLength(request, -1L);
    String actual = length < 0 ? "" : "of " + length + " bytes ";
    return "The request body "
        + actual
        + "exceeds the allowed maximum ("
        + maxBytes
        + " bytes, max_request_bytes)";
  }
}
