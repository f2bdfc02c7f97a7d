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
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes one socket's responses. Confined to its lane.
///
/// During a drain every response closes its connection. Of requests that were pipelined only the
/// last may do so, or the others would go without an answer; so a response is held back until all
/// that was read with its request has been answered.
///
/// The last answer is followed by the end of our half only. What the other side still sends is read
/// and dropped until it closes: ending both halves under a body that is on its way would make its
/// kernel throw away the answer that says what was wrong with it.
final class ResponseWriter {

  private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

  /// How long the other side may take to close after the last answer.
  private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(5);

  private final Channel socket;
  private final LaneContext context;
  private long endedAtNs;
  private boolean isAwaited;

  /// During a drain: the response to the last request that was read.
  private @Nullable FullHttpResponse held;

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
  void await(ChannelHandlerContext ctx) {
    releaseHeld(ctx);
    isAwaited = true;
    readOrNot();
  }

  boolean isAwaited() {
    return isAwaited;
  }

  /// Reads, unless the other side does not or an answer is awaited.
  void readOrNot() {
    socket.config().setAutoRead(haveEnded() || (!isAwaited && socket.isWritable()));
  }

  /// Writes one answer, which leaves with the next flush or, if it is the last, at once. While the
  /// other side does not read, neither do we: answers must not pile up.
  void write(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    isAwaited = false;
    releaseHeld(ctx);
    FullHttpResponse out = toNetty(request, response);
    if (!HttpUtil.isKeepAlive(request) || response.closes()) {
      writeLast(ctx, out);
    } else if (context.http().isDraining()) {
      held = out;
      readOrNot();
    } else {
      writeKeepAlive(ctx, out);
      readOrNot();
    }
  }

  /// Everything that was read is answered.
  void onReadComplete(ChannelHandlerContext ctx) {
    FullHttpResponse last = held;
    if (last != null && !isAwaited) {
      held = null;
      writeLast(ctx, last);
    }
  }

  /// Another response follows the one that was held back, so it does not close the connection.
  void releaseHeld(ChannelHandlerContext ctx) {
    FullHttpResponse earlier = held;
    if (earlier != null) {
      held = null;
      writeKeepAlive(ctx, earlier);
    }
  }

  /// Ends our half without a response; what still arrives is dropped.
  void finish() {
    endedAtNs = context.nowNs();
    readOrNot();
    stopDecoding(socket.pipeline());
    endOurHalf();
  }

  private void writeKeepAlive(ChannelHandlerContext ctx, FullHttpResponse out) {
    HttpHeaders headers = out.headers();
    // Explicit with HTTP/1.1 too: `Keep-Alive` is a hop-by-hop header, which `Connection` lists.
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    headers.set(KEEP_ALIVE, context.http().keepAlive());
    addUpgrade(headers);
    var _ = ctx.write(out, ctx.voidPromise());
  }

  private void writeLast(ChannelHandlerContext ctx, FullHttpResponse out) {
    out.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    addUpgrade(out.headers());
    endedAtNs = context.nowNs();
    readOrNot();
    ctx.writeAndFlush(out).addListener(_ -> endOurHalf());
    stopDecoding(ctx.pipeline());
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

  private static void addUpgrade(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.UPGRADE)) {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    }
  }

  private FullHttpResponse toNetty(HttpRequest request, Response response) {
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    ByteBuf body = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body());
    FullHttpResponse out =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
    response.headers().forEach((name, value) -> out.headers().set(name, value));
    out.headers().set(HttpHeaderNames.DATE, context.date().value());
    out.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    if (!response.contentType().isEmpty()) {
      out.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    }
    return out;
  }
}
