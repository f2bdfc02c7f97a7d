package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.FrameScanner;
import dev.fanfare.loadtest.wire.FrameSink;
import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.loadtest.wire.SignedRequests;
import dev.fanfare.loadtest.wire.UpgradeReply;
import dev.fanfare.protocol.Parsed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One client of the server: connects, upgrades, waits for `connection_established`, subscribes,
/// and then scans incoming bytes. There is no codec in its pipeline. Confined to the loop's thread.
public final class PusherSocket extends ChannelInboundHandlerAdapter implements FrameSink {

  private static final byte[] CLOSE = ClientFrames.close();
  private static final byte[] APP_PONG = ClientFrames.pusherPong();

  /// The state of a connection.
  public enum State {
    /// Not established yet.
    OPENING,
    /// Established; its subscription is not confirmed yet.
    OPEN,
    /// Established, and subscribed if requested.
    READY,
    /// Closed or failed.
    CLOSED
  }

  /// This socket's number within its scenario.
  private final int number;

  private final PusherListener listener;
  private final SignedRequests signer;
  private final TurnClock clock;
  private final FrameScanner scanner;
  private final @Nullable Subscription wanted;
  private final byte[] upgradeRequest;

  private State state = State.OPENING;
  private @Nullable Channel socket;
  private @Nullable UpgradeReply upgrade;
  private String socketId = "";
  private String reason = "";
  private boolean handshakeExpected = true;

  PusherSocket(
      int number,
      PusherListener listener,
      PusherSockets shared,
      @Nullable Subscription wanted,
      boolean compressed) {
    this.number = number;
    this.listener = listener;
    this.wanted = wanted;
    signer = shared.signer();
    clock = shared.clock();
    scanner = new FrameScanner(shared.layout(), this, compressed ? shared.inflation() : null);
    upgrade = new UpgradeReply(compressed);
    upgradeRequest = shared.upgradeRequest(compressed);
  }

  public int number() {
    return number;
  }

  public State state() {
    return state;
  }

  /// The socket id, empty before the connection is established.
  public String socketId() {
    return socketId;
  }

  /// The last error from the server, or why the connection closed; empty if neither.
  public String reason() {
    return reason;
  }

  public void subscribe(Subscription subscription) {
    send(ClientFrames.text(subscription.subscribeMessage(socketId, signer)));
  }

  public void unsubscribe(String channel) {
    send(ClientFrames.text(Subscription.unsubscribeMessage(channel)));
  }

  /// Sends a masked frame.
  public void send(byte[] frame) {
    Channel open = socket;
    if (open != null) {
      var _ = open.writeAndFlush(Unpooled.wrappedBuffer(frame), open.voidPromise());
    }
  }

  /// Stops reading: what the server sends stays in the kernel's or the server's buffers.
  public void pause() {
    read(false);
  }

  /// Reads again, starting with what has arrived meanwhile.
  public void resume() {
    read(true);
  }

  private void read(boolean automatically) {
    Channel open = socket;
    if (open != null) {
      var _ = open.config().setAutoRead(automatically);
    }
  }

  /// Sends a close frame and lets the server close.
  public void close() {
    send(CLOSE);
  }

  /// Closes the connection without a close frame: the peer gets a TCP reset.
  public void cut() {
    Channel open = socket;
    if (open != null && open.isOpen()) {
      open.config().setOption(ChannelOption.SO_LINGER, 0);
      var _ = open.close();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    socket = context.channel();
    var _ = context.writeAndFlush(Unpooled.wrappedBuffer(upgradeRequest), context.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      clock.tick();
      if (upgrade == null) {
        scanner.scan(Connector.view(bytes));
      } else {
        readUpgrade(upgrade, bytes);
      }
    } finally {
      bytes.release();
    }
  }

  private void readUpgrade(UpgradeReply reply, ByteBuf bytes) {
    byte[] more = new byte[bytes.readableBytes()];
    bytes.readBytes(more);
    if (!reply.add(more)) {
      return;
    }
    if (reply.check() instanceof Parsed.Bad(String refusal)) {
      fail("the server refused the WebSocket upgrade with " + refusal);
      return;
    }
    upgrade = null;
    scanner.scan(ByteBuffer.wrap(reply.rest()));
  }

  @Override
  public void onStamp(int publisher, int channel, int sequence, int event) {
    listener.onDelivery(this, publisher, channel, sequence, event);
  }

  @Override
  public void onText(String text) {
    ServerText message = ServerText.parse(text);
    switch (message.event()) {
      case "pusher:connection_established" -> onEstablished(message);
      case "pusher_internal:subscription_succeeded" -> onConfirmation(message);
      case "pusher:ping" -> send(APP_PONG);
      case "pusher:error", "pusher:subscription_error" -> onRefusal(message);
      default -> listener.onMessage(this, message);
    }
  }

  private void onEstablished(ServerText message) {
    handshakeExpected = false;
    socketId = message.dataField("socket_id");
    state = wanted == null ? State.READY : State.OPEN;
    listener.onOpen(this);
    if (wanted != null) {
      subscribe(wanted);
    }
  }

  private void onConfirmation(ServerText message) {
    if (wanted != null && state == State.OPEN && message.channel().equals(wanted.channel())) {
      state = State.READY;
    }
    listener.onMessage(this, message);
    listener.onSubscribed(this, message.channel());
  }

  private void onRefusal(ServerText message) {
    reason = message.errorText();
    if (state == State.READY) {
      listener.onError(this, reason);
    } else {
      fail("the server reported: " + reason);
    }
  }

  @Override
  public void onPing(byte[] payload) {
    send(ClientFrames.pong(payload));
  }

  @Override
  public void onCloseFrame(int code, String text) {
    if (reason.isEmpty()) {
      reason = "the server closed with " + code + (text.isEmpty() ? "" : " " + text);
    }
    Channel open = socket;
    if (open != null) {
      send(CLOSE);
      var _ = open.close();
    }
  }

  @Override
  public void onViolation(String why) {
    fail("the server sent " + why);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (state != State.CLOSED) {
      String before = handshakeExpected ? " before connection_established" : "";
      onGone(reason.isEmpty() ? "the server closed the connection" + before : reason);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(Connector.reason(cause));
  }

  void onConnectFailed(String why) {
    if (state != State.CLOSED) {
      onGone(why);
    }
  }

  private void fail(String why) {
    reason = why;
    Channel open = socket;
    if (open != null) {
      var _ = open.close();
    }
  }

  private void onGone(String why) {
    state = State.CLOSED;
    reason = why;
    socket = null;
    listener.onClosed(this, why);
  }
}
