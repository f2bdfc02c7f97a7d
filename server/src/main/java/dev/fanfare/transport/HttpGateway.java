package dev.fanfare.transport;

import dev.fanfare.http.Request;
import dev.fanfare.http.Response;
import dev.fanfare.protocol.Query;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands one socket's requests to the router and writes its answers, in order, until the socket
/// becomes a WebSocket or ends. The target reaches the router raw: `;` belongs to channel names.
/// Confined to its lane.
final class HttpGateway extends SimpleChannelInboundHandler<FullHttpRequest> implements Swept {

  private static final Logger log = LoggerFactory.getLogger(HttpGateway.class);

  /// Silence after which a socket that is no WebSocket is closed.
  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(75);

  private final Node node;
  private final LaneContext context;
  private final Upgrade upgrade;
  private final io.netty.channel.Channel socket;
  private long lastReadNs;
  private int sweepIndex;

  HttpGateway(Node node, LaneContext context, Upgrade upgrade, io.netty.channel.Channel socket) {
    this.node = node;
    this.context = context;
    this.upgrade = upgrade;
    this.socket = socket;
    this.lastReadNs = context.nowNs();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context.heartbeat().add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context.heartbeat().remove(this);
  }

  @Override
  public void onSweep(long nowNs) {
    if (nowNs - lastReadNs >= IDLE_NS) {
      var _ = socket.close();
    }
  }

  @Override
  public int sweepIndex() {
    return sweepIndex;
  }

  @Override
  public void sweepIndex(int index) {
    sweepIndex = index;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    lastReadNs = context.nowNs();
    if (request.decoderResult().isFailure()) {
      refuseUnreadable(ctx, request);
      return;
    }
    String target = request.uri();
    int mark = target.indexOf('?');
    String path = withoutPrefix(mark < 0 ? target : target.substring(0, mark));
    String query = mark < 0 ? "" : target.substring(mark + 1);
    if (Handshake.isWanted(request)) {
      upgrade(ctx, request, path, query);
    } else {
      answer(ctx, request, path, query);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean isHangUp =
        cause instanceof IOException || cause instanceof PrematureChannelClosureException;
    if (!isHangUp) {
      log.error("request failed, closing its socket", cause);
    }
    var _ = ctx.close();
  }

  private void answer(
      ChannelHandlerContext ctx, FullHttpRequest request, String path, String query) {
    byte[] body = ByteBufUtil.getBytes(request.content());
    String method = request.method().name();
    Response response = node.router().route(new Request(method, path, query, body));
    respond(ctx, request, response);
  }

  private void respond(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    FullHttpResponse out = toNetty(response, isHead);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !response.closes();
    HttpUtil.setKeepAlive(out, keepAlive);
    if (keepAlive) {
      var _ = ctx.write(out, ctx.voidPromise());
    } else {
      ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void upgrade(
      ChannelHandlerContext ctx, FullHttpRequest request, String path, String query) {
    String problem = Handshake.problem(request);
    if (problem != null) {
      respond(ctx, request, refused(request, 400, problem));
      return;
    }
    if (!Handshake.isVersionSupported(request)) {
      Response response = refused(request, 426, "Only WebSocket version 13 is supported");
      respond(ctx, request, response.withHeader("Sec-WebSocket-Version", "13"));
      return;
    }
    var _ = ctx.write(Handshake.accept(request), ctx.voidPromise());
    ChannelPipeline pipeline = ctx.pipeline();
    HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
    pipeline.remove(this);
    pipeline.remove(BodyAggregator.class);
    // The encoder goes first, so that the greeting passes; the decoder last, for it hands on what
    // it has already read beyond the request.
    codec.removeOutboundHandler();
    upgrade.complete(pipeline, request, Query.decode(path, false), query);
    pipeline.remove(codec);
  }

  private void refuseUnreadable(ChannelHandlerContext ctx, FullHttpRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status =
        switch (cause) {
          case TooLongHttpLineException _ -> 414;
          case TooLongHttpHeaderException _ -> 431;
          default -> 400;
        };
    respond(
        ctx,
        request,
        refused(request, status, "Unreadable request: " + cause.getMessage()).closing());
  }

  /// What a request with too large a body is told.
  FullHttpResponse tooLarge(HttpRequest request) {
    long length = HttpUtil.getContentLength(request, -1L);
    String actual = length < 0 ? "" : "of " + length + " bytes ";
    String reason =
        "The request body "
            + actual
            + "exceeds the allowed maximum ("
            + node.options().maxRequestBytes()
            + " bytes, max_request_bytes)";
    FullHttpResponse response = toNetty(refused(request, 413, reason).closing(), false);
    HttpUtil.setKeepAlive(response, false);
    return response;
  }

  private Response refused(HttpRequest request, int status, String reason) {
    node.services()
        .listener()
        .requestRefused(request.method().name(), request.uri(), status, reason);
    return Response.text(status, reason);
  }

  private String withoutPrefix(String path) {
    String prefix = node.options().pathPrefix();
    return !prefix.isEmpty() && path.startsWith(prefix) ? path.substring(prefix.length()) : path;
  }

  private static FullHttpResponse toNetty(Response response, boolean isHead) {
    ByteBuf body = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body());
    FullHttpResponse out =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
    response.headers().forEach((name, value) -> out.headers().set(name, value));
    out.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    if (!response.contentType().isEmpty()) {
      out.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    }
    return out;
  }
}
