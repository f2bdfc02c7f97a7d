package dev.fanfare.transport;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;

/// Collects a request's body, answers `Expect: 100-continue`, and turns away bodies over the limit
/// with a sentence that names it.
final class BodyAggregator extends HttpObjectAggregator {

  private final HttpGateway gateway;

  BodyAggregator(int maxBytes, HttpGateway gateway) {
    super(maxBytes);
    this.gateway = gateway;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    if (oversized instanceof HttpRequest request) {
      ctx.writeAndFlush(gateway.tooLarge(request)).addListener(ChannelFutureListener.CLOSE);
    } else {
      var _ = ctx.close();
    }
  }
}
