package dev.fanfare.transport;

import dev.fanfare.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/// Writes one socket's answers. Confined to its lane.
///
/// The last answer is followed by the end of our half only. What the other side still sends is read
/// and dropped until it closes: ending both halves under a body that is on its way would make its
/// kernel throw away the answer that says what was wrong with it.
final class ResponseWriter {

  /// How long the other side may take to close after the last answer.
  private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(5);

  private final Channel socket;
  private final LaneContext context;
  private long endedAtNs;
  private boolean isAwaited;

  ResponseWriter(Channel socket, LaneContext context) {
    this.socket = socket;
    this.context = context;
  }

  /// True once the last answer was written; nothing that arrives after it counts.
  boolean haveEnded() {
    return endedAtNs != 0;
  }

  /// True if the other side had its time to read the last answer.
  boolean areOverdue(long nowNs) {
    return haveEnded() && nowNs - endedAtNs >= LINGER_NS;
  }

  /// An answer is being worked out elsewhere. Nothing is read until it is written, so the next
  /// request is neither answered before it nor carried out before it.
  void await() {
    isAwaited = true;
    readOrNot();
  }

  /// Reads, unless the other side does not or an answer is awaited.
  void readOrNot() {
    socket.config().setAutoRead(haveEnded() || (!isAwaited && socket.isWritable()));
  }

  /// Writes one answer, which leaves with the next flush or, if it is the last, at once. While the
  /// other side does not read, neither do we: answers must not pile up.
  void write(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    isAwaited = false;
    FullHttpResponse out = toNetty(request, response);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !response.closes();
    setConnection(out, request, keepAlive);
    if (keepAlive) {
      var _ = ctx.write(out, ctx.voidPromise());
      readOrNot();
    } else {
      endedAtNs = context.nowNs();
      readOrNot();
      ctx.writeAndFlush(out).addListener(_ -> endOurHalf());
      stopDecoding(ctx.pipeline());
    }
  }

  /// The decoder counts the requests that await an answer, and fails when they are too many.
  private static void stopDecoding(ChannelPipeline pipeline) {
    HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
    if (codec != null) {
      codec.removeInboundHandler();
    }
  }

  /// TLS has an end of its own, without which the answer would look cut off.
  private void endOurHalf() {
    SslHandler tls = socket.pipeline().get(SslHandler.class);
    if (tls == null) {
      endTcpHalf();
    } else {
      tls.closeOutbound().addListener(_ -> endTcpHalf());
    }
  }

  private void endTcpHalf() {
    var _ = socket instanceof DuplexChannel duplex ? duplex.shutdownOutput() : socket.close();
  }

  private static void setConnection(FullHttpResponse out, HttpRequest request, boolean keepAlive) {
    HttpHeaders headers = out.headers();
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!request.protocolVersion().isKeepAliveDefault()) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    if (headers.contains(HttpHeaderNames.UPGRADE)) {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    }
  }

  private static FullHttpResponse toNetty(HttpRequest request, Response response) {
    boolean isHead = request.method().equals(HttpMethod.HEAD);
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
