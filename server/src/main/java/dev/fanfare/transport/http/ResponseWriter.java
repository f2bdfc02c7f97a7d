package dev.fanfare.transport.http;

import dev.fanfare.http.Response;
import dev.fanfare.transport.HalfClose;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.SocketInput;
import dev.fanfare.transport.SocketInput.Hold;
import dev.fanfare.transport.memory.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes one socket's responses. Confined to its lane.
///
/// During a drain every response closes its connection. Of requests that were pipelined only the
/// last may do so, or the others would go without an answer; so a response is held back until all
/// that was read with its request has been answered.
///
/// After the last response only our half of TCP is closed. What the peer still sends is read and
/// dropped until it closes: closing both halves while a body is in transit would make the peer's
/// kernel discard the response.
final class ResponseWriter {

  // Refusals repeat parts of requests: a browser must not take them for anything but plain text.
  private static final AsciiString CONTENT_TYPE_OPTIONS =
      AsciiString.cached("X-Content-Type-Options");
  private static final AsciiString NOSNIFF = AsciiString.cached("nosniff");

  private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

  /// How long the peer may take to close after the last response.
  private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(5);

  private final Channel socket;
  private final LaneContext context;
  private final Consumer<String> cut;
  private long endedAtNs;

  /// Set once the peer was late in reading.
  private Backlog.@Nullable Reader reader;

  private boolean isAwaited;

  /// True if the socket is read while a response is awaited, because its end must be noticed.
  private boolean isWatched;

  /// True if the head of a response without a length was written, and its end was not.
  private boolean isOpen;

  /// What is being sent in slices; null if there is none.
  private @Nullable LargeBody large;

  /// During a drain: the response to the last request that was read.
  private @Nullable FullHttpResponse held;

  /// @param cut ends the socket when its peer reads too slowly and memory is short
  ResponseWriter(Channel socket, LaneContext context, Consumer<String> cut) {
    this.cut = cut;
    this.socket = socket;
    this.context = context;
  }

  /// True once the last response was written; later requests are ignored.
  boolean haveEnded() {
    return endedAtNs != 0;
  }

  /// Nanoseconds that the peer has left to read the last response.
  long lingerNs(long nowNs) {
    return haveEnded() ? LINGER_NS - (nowNs - endedAtNs) : Long.MAX_VALUE;
  }

  /// A response is being computed on another thread. Nothing is read until it is written, so the
  /// next request is neither answered nor carried out before it.
  void await(ChannelHandlerContext ctx) {
    releaseHeld(ctx);
    isAwaited = true;
    updateReading();
  }

  boolean isAwaited() {
    return isAwaited;
  }

  /// A response follows when there is something to say, which may take long.
  void watch(ChannelHandlerContext ctx) {
    releaseHeld(ctx);
    isAwaited = true;
    isWatched = true;
    updateReading();
  }

  boolean isWatched() {
    return isWatched;
  }

  /// True if the head of a response was written and part of its body was not.
  boolean areUnfinished() {
    return large != null || isOpen;
  }

  /// Begins a response without a length, the last one of its socket.
  void open(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    isOpen = true;
    DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(response));
    setHeaders(head.headers(), response);
    head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
    if (request.protocolVersion().isKeepAliveDefault()) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var _ = ctx.writeAndFlush(head, ctx.voidPromise());
  }

  /// Sends a part of that response.
  ///
  /// @param whenSent runs when it was passed to the kernel or is lost
  void writePart(ChannelHandlerContext ctx, ByteBuf part, Runnable whenSent) {
    ctx.writeAndFlush(new DefaultHttpContent(part)).addListener(_ -> whenSent.run());
  }

  /// Ends that response.
  void endOpen(ChannelHandlerContext ctx) {
    isOpen = false;
    isWatched = false;
    isAwaited = false;
    endWith(ctx, LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /// The peer reads again, or has stopped reading.
  void onWritabilityChanged() {
    LargeBody unfinished = large;
    if (unfinished != null) {
      unfinished.resume();
    } else {
      updateReading();
    }
  }

  /// Reads, unless the peer does not or a response is awaited.
  void updateReading() {
    SocketInput.of(socket)
        .setHeld(Hold.RESPONSES, !isWatched && !haveEnded() && (isAwaited || !socket.isWritable()));
  }

  /// Writes one response, which is sent with the next flush or, if it is the last, at once. While
  /// the peer does not read, we do not read either, so that responses do not pile up.
  void write(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    isAwaited = false;
    isWatched = false;
    releaseHeld(ctx);
    boolean isLast = !HttpUtil.isKeepAlive(request) || response.closes();
    if (response.body().length > LargeBody.LIMIT_BYTES && !isHead(request)) {
      writeLarge(ctx, response, isLast);
      return;
    }
    if (!isLast && !context.http().isDraining() && writeTemplate(ctx, request, response)) {
      updateReading();
      return;
    }
    FullHttpResponse out = toNetty(request, response);
    if (isLast) {
      writeLast(ctx, out);
    } else if (context.http().isDraining()) {
      held = out;
      updateReading();
    } else {
      writeKeepAlive(ctx, out);
      updateReading();
    }
  }

  /// Writes a response that was written before on this lane, past the encoder; false if it was not.
  private boolean writeTemplate(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    ChannelHandlerContext codec = isHead(request) ? null : ctx.pipeline().context(HttpCodec.class);
    ByteBuf bytes =
        codec == null
            ? null
            : context
                .http()
                .template()
                .bytes(
                    ctx,
                    response,
                    context.date().value(),
                    () -> {
                      FullHttpResponse out = toNetty(request, response);
                      setKeepAlive(out.headers());
                      return out;
                    });
    if (codec == null || bytes == null) {
      return false;
    }
    var _ = codec.write(bytes, codec.voidPromise());
    return true;
  }

  /// Writes a response whose body is sent later; until then it is awaited.
  private void writeLarge(ChannelHandlerContext ctx, Response response, boolean isLast) {
    DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(response));
    setHeaders(head.headers(), response);
    if (isLast) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else {
      setKeepAlive(head.headers());
    }
    var _ = ctx.write(head, ctx.voidPromise());
    isAwaited = true;
    updateReading();
    LargeBody body =
        new LargeBody(ctx, response.body(), this::onFlushed, () -> onLargeWritten(ctx, isLast));
    large = body;
    body.resume();
  }

  private void onLargeWritten(ChannelHandlerContext ctx, boolean isLast) {
    large = null;
    isAwaited = false;
    if (isLast) {
      endWith(ctx, LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      var _ = ctx.write(LastHttpContent.EMPTY_LAST_CONTENT, ctx.voidPromise());
      flush(ctx);
      updateReading();
    }
  }

  /// Sends what was written, and counts what the peer has not read.
  void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    onFlushed();
  }

  private void onFlushed() {
    long pending = Backlog.pending(socket);
    Backlog.Reader known = reader;
    if (known == null && pending > 0) {
      known = context.backlog().reader(socket, cut);
      reader = known;
    }
    if (known != null) {
      context.backlog().set(known, pending, pending);
    }
  }

  /// All requests that were read have been answered.
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

  /// Closes our half without a response; later requests are dropped.
  void finish() {
    endedAtNs = context.nowNs();
    updateReading();
    stopDecoding(socket.pipeline());
    HalfClose.endOutput(socket);
  }

  private void writeKeepAlive(ChannelHandlerContext ctx, FullHttpResponse out) {
    setKeepAlive(out.headers());
    var _ = ctx.write(out, ctx.voidPromise());
  }

  private void setKeepAlive(HttpHeaders headers) {
    // Explicit with HTTP/1.1 too: `Keep-Alive` is a hop-by-hop header, which `Connection` lists.
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    headers.set(KEEP_ALIVE, context.http().keepAlive());
    addUpgrade(headers);
  }

  private void writeLast(ChannelHandlerContext ctx, FullHttpResponse out) {
    out.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    addUpgrade(out.headers());
    endWith(ctx, out);
  }

  private void endWith(ChannelHandlerContext ctx, HttpObject end) {
    endedAtNs = context.nowNs();
    updateReading();
    ctx.writeAndFlush(end).addListener(_ -> HalfClose.endOutput(socket));
    onFlushed();
    stopDecoding(ctx.pipeline());
  }

  /// What follows is not parsed any more, and what was kept of it is freed.
  private static void stopDecoding(ChannelPipeline pipeline) {
    HttpCodec codec = pipeline.get(HttpCodec.class);
    if (codec != null) {
      codec.removeInboundHandler();
    }
  }

  private static void addUpgrade(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.UPGRADE)) {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    }
  }

  private static boolean isHead(HttpRequest request) {
    return request.method().equals(HttpMethod.HEAD);
  }

  private static HttpResponseStatus status(Response response) {
    return HttpResponseStatus.valueOf(response.status());
  }

  private FullHttpResponse toNetty(HttpRequest request, Response response) {
    ByteBuf body =
        isHead(request) ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body());
    FullHttpResponse out =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(response), body);
    setHeaders(out.headers(), response);
    return out;
  }

  private void setHeaders(HttpHeaders headers, Response response) {
    response.headers().forEach((name, value) -> headers.set(name, value));
    headers.set(HttpHeaderNames.DATE, context.date().value());
    headers.set(CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    if (!response.contentType().isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    }
  }
}
