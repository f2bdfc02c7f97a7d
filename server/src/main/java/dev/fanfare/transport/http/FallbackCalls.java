package dev.fanfare.transport.http;

import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.Target;
import dev.fanfare.transport.fallback.Fallbacks;
import dev.fanfare.transport.websocket.Upgrade;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// The requests of one socket that belong to connections over plain HTTP. Confined to its lane.
final class FallbackCalls {

  private final HttpGateway gateway;
  private final ResponseWriter responses;
  private final LaneContext context;
  private final Upgrade upgrade;
  private final Fallbacks fallbacks;

  /// The last of these requests; null if there was none.
  private @Nullable SocketExchange exchange;

  FallbackCalls(
      HttpGateway gateway,
      ResponseWriter responses,
      LaneContext context,
      Upgrade upgrade,
      Fallbacks fallbacks) {
    this.gateway = gateway;
    this.responses = responses;
    this.context = context;
    this.upgrade = upgrade;
    this.fallbacks = fallbacks;
  }

  boolean knows(Target target) {
    return fallbacks.knows(target);
  }

  /// True if the body of a request without a signature is needed.
  boolean needsBody(Target target) {
    return fallbacks.needsBody(target);
  }

  /// Carries out a request that [#knows] is true for.
  void answer(
      ChannelHandlerContext ctx, WholeRequest whole, Target target, boolean isPlainRefused) {
    SocketExchange begun =
        new SocketExchange(gateway, ctx, responses, context, whole.head(), upgrade, isPlainRefused);
    exchange = begun;
    fallbacks.onRequest(begun, target, whole.body());
  }

  /// True while a response waits for something to say.
  boolean isWaiting() {
    SocketExchange current = exchange;
    return current != null && current.isWatched();
  }

  /// The socket has closed, or became a WebSocket.
  void onGone() {
    SocketExchange current = exchange;
    if (current != null) {
      current.onGone();
    }
  }
}
