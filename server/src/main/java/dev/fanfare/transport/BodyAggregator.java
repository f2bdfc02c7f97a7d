package dev.fanfare.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;

/// Collects a request's body, answers `Expect: 100-continue`, and refuses bodies over the limit.
/// Drops everything once the gateway has sent its last response.
final class BodyAggregator extends HttpObjectAggregator {

  private final int maxBytes;
  private final HttpGateway gateway;

  BodyAggregator(int maxBytes, HttpGateway gateway) {
    super(maxBytes);
    this.maxBytes = maxBytes;
    this.gateway = gateway;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof HttpRequest request
        && request.decoderResult().isSuccess()
        && !gateway.hasEnded()) {
      gateway.onHead(ctx, request);
      if (!gateway.hasEnded()) {
        onExpectation(ctx, request);
      }
    }
    if (gateway.hasEnded()) {
      ReferenceCountUtil.release(message);
    } else {
      super.channelRead(ctx, message);
    }
  }

  /// Unlike its parent this never requests a read while reading is off: the code that turned it off
  /// turns it on again.
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    if (oversized instanceof HttpRequest request) {
      gateway.refuse(ctx, request, 413, tooLarge(request));
    } else {
      var _ = ctx.close();
    }
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

  private void onExpectation(ChannelHandlerContext ctx, HttpRequest request) {
    String expected = request.headers().get(HttpHeaderNames.EXPECT);
    if (expected == null || request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0) {
      return;
    }
    if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
      gateway.refuse(ctx, request, 417, "Unknown expectation, only 100-continue is supported");
    } else if (HttpUtil.getContentLength(request, -1L) > maxBytes) {
      request
          .headers()
          .remove(HttpHeaderNames.EXPECT); // so that the limit is reported, not the expectation
    }
  }
}
