package dev.fanfare.transport.http;

import dev.fanfare.auth.Refusal;
import dev.fanfare.http.Admission;
import dev.fanfare.http.Answer;
import dev.fanfare.http.Response;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.HttpSockets;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.SocketInput;
import dev.fanfare.transport.SocketInput.Hold;
import dev.fanfare.transport.Target;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.fallback.Fallbacks;
import dev.fanfare.transport.memory.Cuttable;
import dev.fanfare.transport.tls.PortPolicy;
import dev.fanfare.transport.websocket.Handshake;
import dev.fanfare.transport.websocket.Upgrade;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Passes one socket's requests to the router and writes the responses, in order, until the socket
/// becomes a WebSocket or closes. The target reaches the router undecoded: `;` is part of channel
/// names. Confined to its lane.
public final class HttpGateway extends SimpleChannelInboundHandler<WholeRequest>
    implements Cuttable, HttpSockets.Member {

  private static final Logger log = Component.API.logger();

  private final SocketContext shared;
  private final LaneContext context;
  private final ApiCalls calls;
  private final Upgrade upgrade;
  private final io.netty.channel.Channel socket;
  private final PortPolicy policy;
  private final FallbackCalls fallbacks;
  private final ResponseWriter responses;
  private final RequestClock clock;
  private final HttpActivity activity;
  private final HttpDeadlines deadlines;
  private final HttpPeer peer;

  /// Of the request whose body is on its way; null between requests.
  private @Nullable HttpRequest head;

  private boolean isUpgrading;

  public HttpGateway(
      SocketContext shared,
      LaneContext context,
      Upgrade upgrade,
      io.netty.channel.Channel socket,
      PortPolicy policy,
      Fallbacks fallbacks) {
    this.shared = shared;
    this.context = context;
    this.calls = new ApiCalls(shared);
    this.upgrade = upgrade;
    this.socket = socket;
    this.policy = policy;
    this.peer = new HttpPeer(shared, socket);
    this.responses = new ResponseWriter(socket, context, peer::end);
    this.fallbacks = new FallbackCalls(this, responses, context, upgrade, fallbacks);
    this.clock = new RequestClock(context, shared.options(), this::checkSoon, this::onTls);
    this.activity = new HttpActivity(socket, context, responses, clock);
    this.deadlines =
        new HttpDeadlines(this, socket, context, shared.options(), activity, responses, clock);
  }

  /// Counts the socket for its peer, from the start.
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    peer.claim();
    ctx.fireChannelActive();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context.heartbeat().add(deadlines);
    context.http().add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context.heartbeat().remove(deadlines);
    context.http().remove(this);
    fallbacks.onGone();
    SocketInput.of(socket).setHeld(Hold.RESPONSES, false);
  }

  /// Times this socket's requests; belongs before the decoder.
  public RequestClock clock() {
    return clock;
  }

  @Override
  public HttpPeer peer() {
    return peer;
  }

  @Override
  public HttpActivity activity() {
    return activity;
  }

  @Override
  public void checkSoon() {
    context.heartbeat().checkSoon(deadlines);
  }

  @Override
  public void finish() {
    responses.finish();
    checkSoon();
  }

  @Override
  public void closeNow() {
    var _ = socket.close();
  }

  /// A request is late. Browsers open connections in advance and leave them unused: these get
  /// neither a response nor a log line.
  void onLate(String reason) {
    ChannelHandlerContext ctx = socket.pipeline().context(this);
    if (peer.isHandshaking()) {
      peer.end("TLS: " + reason);
    } else if (ctx == null || !clock.isRunning()) {
      closeNow();
    } else {
      refuseUnknown(ctx, 408, reason);
    }
  }

  /// TLS on a port without TLS. The response is plain text, so that clients report a server without
  /// TLS; a closed connection would leave them guessing.
  private void onTls() {
    ChannelHandlerContext ctx = socket.pipeline().context(this);
    if (ctx != null && !hasEnded()) {
      refuseUnknown(ctx, 400, policy.noTls());
    }
  }

  /// Sends the last response when no request was complete.
  private void refuseUnknown(ChannelHandlerContext ctx, int status, String reason) {
    peer.reportRefused(reason);
    HttpRequest begun = head;
    HttpRequest request =
        begun == null ? new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/") : begun;
    String accept = request.headers().get(HttpHeaderNames.ACCEPT);
    respond(ctx, request, Response.refusal(status, reason).inFormOf(accept).closing());
  }

  @Override
  public boolean hasEnded() {
    return responses.haveEnded();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WholeRequest whole) {
    HttpRequest request = whole.head();
    if (fallbacks.isWaiting()) {
      closeNow(); // a request behind an endless response
      return;
    }
    activity.touch();
    clock.onComplete();
    context.http().touch(this);
    head = null;
    if (request.decoderResult().isFailure()) {
      refuse(ctx, request, HttpRules.unreadable(request.decoderResult().cause()));
      return;
    }
    Target target = calls.target(request);
    if (Handshake.isRequested(request, () -> shared.router().knows(target.path()))) {
      upgrade(ctx, request, target);
    } else {
      answer(ctx, whole, target);
    }
  }

  /// Examines a request's head before its body is read. Null if the router is not asked, and the
  /// body not needed.
  ///
  /// @param hasBody whether a body follows
  @Nullable Admission admit(HttpRequest request, boolean hasBody) {
    Target target = calls.target(request);
    return checkPlain(target) instanceof Parsed.Ok && !fallbacks.knows(target)
        ? calls.admit(request, target, () -> peer.client(request).toString(), hasBody)
        : null;
  }

  /// Fails if this request is refused without TLS.
  private Parsed<Parsed.Passed> checkPlain(Target target) {
    return isPlainRefused() && !shared.router().isOpen(target.path())
        ? policy.plain()
        : Parsed.PASSED;
  }

  private boolean isPlainRefused() {
    return !peer.isSecure() && policy.plain() instanceof Parsed.Bad;
  }

  /// The head of a request has arrived; its body may follow.
  void onHead(ChannelHandlerContext ctx, HttpRequest request) {
    Refusal broken = HttpRules.check(request);
    if (broken != null) {
      refuse(ctx, request, broken);
    } else {
      head = request;
      clock.onHead();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    responses.onWritabilityChanged();
    checkSoon();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    responses.onReadComplete(ctx);
    responses.flush(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    HeapExhaustion.exitIf(cause);
    if (!(cause instanceof IOException) && LineBudget.FAULTS.permits(log)) {
      log.error("request failed, closing its socket", cause);
    }
    var _ = ctx.close();
  }

  private void answer(ChannelHandlerContext ctx, WholeRequest whole, Target target) {
    HttpRequest request = whole.head();
    if (fallbacks.knows(target)) {
      fallbacks.answer(ctx, whole, target, isPlainRefused());
      return;
    }
    if (checkPlain(target) instanceof Parsed.Bad(String reason)) {
      Response response = refusal(request, target, 426, reason);
      respond(ctx, request, response.withHeader("Upgrade", "TLS/1.2, HTTP/1.1").closing());
      return;
    }
    if (target.path().startsWith(Upgrade.APP_PATH)) {
      Response response = refusal(request, target, 426, ApiCalls.WEB_SOCKET_ONLY);
      respond(ctx, request, response.withHeader("Upgrade", "websocket"));
      return;
    }
    switch (calls.answer(whole, target, () -> peer.client(request).toString())) {
      case Response response ->
          respond(ctx, request, whole.isCutShort() ? response.closing() : response);
      case Answer.Later later -> respondLater(ctx, request, later);
      case Answer.Awaited awaited -> respondLater(ctx, request, awaited);
    }
  }

  /// Responds when the answer is there. Only the head of the request is kept.
  private void respondLater(ChannelHandlerContext ctx, HttpRequest request, Answer answer) {
    responses.await(ctx);
    LateAnswers.await(
        answer,
        ctx.executor(),
        response -> {
          if (!ctx.isRemoved() && !hasEnded()) {
            calls.trust(peer, socket, request, response);
            respondUnsigned(ctx, request, response);
          }
        });
  }

  /// Responds later, or to a request that is not signed.
  void respondUnsigned(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    activity.touch();
    context.http().touch(this);
    write(ctx, request, response);
    responses.onReadComplete(ctx); // requests queued behind this one have been read by now
    responses.flush(ctx);
  }

  private void respond(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    calls.trust(peer, socket, request, response);
    write(ctx, request, response);
  }

  private void write(ChannelHandlerContext ctx, HttpRequest request, Response response) {
    responses.write(ctx, request, peer.slot().isWaiting() ? response.closing() : response);
    checkSoon();
  }

  private void upgrade(ChannelHandlerContext ctx, HttpRequest request, Target target) {
    Remote client = peer.client(request);
    Response refusal = calls.refuseHandshake(request, target, client);
    if (refusal != null) {
      respond(ctx, request, refusal);
      return;
    }
    Upgrade.Decision decision =
        isPlainRefused()
            ? upgrade.requireTls(target, client)
            : upgrade.plan(request, target, client, socket, peer.slot());
    switch (decision) {
      case Upgrade.Plan plan -> takeOver(ctx, request, plan);
      case Upgrade.Awaited awaited -> await(ctx, request, awaited);
    }
  }

  /// Waits for the look-up of the app. What the client sends too early is dropped: it must wait for
  /// the response (RFC 6455 section 4.1).
  private void await(ChannelHandlerContext ctx, HttpRequest request, Upgrade.Awaited awaited) {
    isUpgrading = true;
    responses.await(ctx);
    awaited.then(
        ctx.executor(),
        found -> {
          if (!ctx.isRemoved() && !hasEnded()) {
            takeOver(ctx, request, awaited.plan().apply(found));
          }
        },
        fault -> exceptionCaught(ctx, fault));
  }

  boolean needsBody(HttpRequest request) {
    return fallbacks.needsBody(calls.target(request));
  }

  /// True once a handshake that is about to be accepted waits for the look-up of its app.
  boolean isUpgrading() {
    return isUpgrading;
  }

  private void takeOver(ChannelHandlerContext ctx, HttpRequest request, Upgrade.Plan plan) {
    SocketInput.of(socket).setHeld(Hold.RESPONSES, false);
    responses.releaseHeld(ctx);
    ChannelPipeline pipeline = ctx.pipeline();
    String cookie = Upgrade.cookie(plan, pipeline.get(SslHandler.class) != null);
    var _ = ctx.write(Handshake.accept(request, plan.extensions(), cookie), ctx.voidPromise());
    HttpCodec codec = pipeline.get(HttpCodec.class);
    pipeline.remove(this);
    pipeline.remove(BodyAggregator.class);
    pipeline.remove(clock);
    pipeline.remove(FlowControlHandler.class);
    // The encoder goes first, so that the greeting passes; the decoder last, because it passes on
    // what it has read beyond the request.
    codec.removeOutboundHandler();
    upgrade.complete(pipeline, plan);
    pipeline.remove(codec);
  }

  @Override
  public void cut(String reason) {
    ChannelHandlerContext ctx = socket.pipeline().context(this);
    HttpRequest begun = head;
    if (peer.isHandshaking()) {
      peer.end("TLS: " + reason);
    } else if (ctx == null || hasEnded() || responses.areUnfinished()) {
      closeNow();
    } else if (begun == null) {
      refuseUnknown(ctx, 503, reason);
    } else {
      refuse(ctx, begun, 503, reason);
    }
    BodyAggregator aggregator = socket.pipeline().get(BodyAggregator.class);
    if (aggregator != null) {
      aggregator.drop();
    }
  }

  private void refuse(ChannelHandlerContext ctx, HttpRequest request, Refusal refusal) {
    refuse(ctx, request, refusal.status(), refusal.message());
  }

  /// Sends the socket's last response, since the start of the next request is unknown.
  void refuse(ChannelHandlerContext ctx, HttpRequest request, int status, String reason) {
    Target target = calls.target(request);
    respond(ctx, request, refusal(request, target, status, reason).closing());
  }

  private Response refusal(HttpRequest request, Target target, int status, String reason) {
    return calls.refuse(request, target, () -> peer.client(request).toString(), status, reason);
  }
}
