package dev.fanfare.transport.http;

import dev.fanfare.http.Response;
import dev.fanfare.transport.AddressSlot;
import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.fallback.Exchange;
import dev.fanfare.transport.memory.Holdings;
import dev.fanfare.transport.websocket.Upgrade;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.EventExecutor;

/// One request on a socket, and the response to it, for a connection that may live on another lane.
final class SocketExchange implements Exchange {

  private final HttpGateway gateway;
  private final ChannelHandlerContext ctx;
  private final ResponseWriter responses;
  private final LaneContext context;
  private final HttpPeer peer;
  private final HttpRequest request;
  private final Upgrade upgrade;
  private final Remote client;
  private final boolean isPlainRefused;

  private Runnable onGone = () -> {};
  private boolean isOver;

  /// True while bytes of the request are counted as held.
  private boolean isHolding;

  SocketExchange(
      HttpGateway gateway,
      ChannelHandlerContext ctx,
      ResponseWriter responses,
      LaneContext context,
      HttpRequest request,
      Upgrade upgrade,
      boolean isPlainRefused) {
    this.gateway = gateway;
    this.ctx = ctx;
    this.responses = responses;
    this.context = context;
    this.peer = gateway.peer();
    this.request = request;
    this.upgrade = upgrade;
    this.client = peer.client(request);
    this.isPlainRefused = isPlainRefused;
  }

  @Override
  public HttpRequest request() {
    return request;
  }

  @Override
  public Remote client() {
    return client;
  }

  @Override
  public AddressSlot slot() {
    return peer.slot();
  }

  @Override
  public boolean isPlainRefused() {
    return isPlainRefused;
  }

  @Override
  public boolean isSecure() {
    return peer.isSecure();
  }

  @Override
  public LaneContext context() {
    return context;
  }

  @Override
  public EventExecutor loop() {
    return ctx.executor();
  }

  @Override
  public Upgrade upgrade() {
    return upgrade;
  }

  @Override
  public boolean await(int bytes) {
    if (bytes > 0) {
      isHolding = true;
      if (!context.requests().hold(ctx.channel(), Holdings.Part.BODY, bytes)) {
        gateway.cut(context.requests().usedUp("this request has " + bytes + " bytes"));
        return false;
      }
    }
    responses.await(ctx);
    return true;
  }

  @Override
  public void watch(Runnable whenGone) {
    onLoop(() -> {
      if (isOpen()) {
        onGone = whenGone;
        responses.watch(ctx);
      } else {
        whenGone.run();
      }
    });
  }

  @Override
  public boolean isOpen() {
    return !isOver && !ctx.isRemoved() && !gateway.hasEnded();
  }

  @Override
  public void respond(Response response) {
    onLoop(() -> {
      if (isOpen()) {
        finish();
        gateway.respondUnsigned(ctx, request, response);
      }
    });
  }

  @Override
  public void open(Response head) {
    onLoop(() -> {
      if (isOpen()) {
        responses.open(ctx, request, head);
      }
    });
  }

  @Override
  public void write(ByteBuf part, Runnable whenSent) {
    onLoop(() -> {
      if (isOpen()) {
        responses.writePart(ctx, part, whenSent);
      } else {
        part.release();
        whenSent.run();
      }
    });
  }

  @Override
  public void end() {
    onLoop(() -> {
      if (isOpen()) {
        finish();
        responses.endOpen(ctx);
        gateway.checkSoon();
      }
    });
  }

  /// True while the response waits for something to say.
  boolean isWatched() {
    return isOpen() && responses.isWatched();
  }

  /// The socket has closed.
  void onGone() {
    if (!isOver) {
      isOver = true;
      onGone.run();
    }
  }

  private void finish() {
    isOver = true;
    if (isHolding) {
      isHolding = false;
      var _ = context.requests().hold(ctx.channel(), Holdings.Part.BODY, 0);
    }
  }

  private void onLoop(Runnable task) {
    EventExecutor loop = ctx.executor();
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }
}
