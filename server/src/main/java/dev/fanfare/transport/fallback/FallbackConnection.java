package dev.fanfare.transport.fallback;

import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Losses;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.Traffic;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.MessageWriter;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.protocol.SocketId;
import dev.fanfare.session.Connection;
import dev.fanfare.session.Session;
import dev.fanfare.session.SocketState;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.Swept;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.memory.Backlog;
import dev.fanfare.transport.websocket.MessageLine;
import dev.fanfare.transport.websocket.SharedFrame;
import dev.fanfare.transport.websocket.SlowReading;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// One client that uses plain HTTP. Confined to its lane.
///
/// What waits for it, here or for the kernel, has the same limit as the bytes that wait for a
/// WebSocket.
final class FallbackConnection extends Swept implements Connection, SlowReading.Client {

  /// How long a client may take to collect the last line.
  private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int ABNORMAL = 1006;

  private static final Logger log = Component.CONNECTIONS.logger();

  private final String name;
  private final LaneContext context;
  private final ServerOptions options;
  private final String socketId;
  private final Remote client;
  private final Traffic traffic;
  private final Place place;
  private final long graceNs;
  private final Consumer<FallbackConnection> onGone;
  private final Inbox inbox;
  private final Outlet outlet;
  private final Pulse pulse;

  /// Null until the connection is established. Written on the lane, read by any thread.
  private volatile @Nullable Session session;

  private boolean isDirty;

  /// True once the session checks what was written.
  private boolean isWatched;

  private boolean isGone;

  /// When it began to close; 0 before.
  private long closingSinceNs;

  private long lastReadNs;

  /// @param name the app's key and the session
  /// @param first the request with which it begins
  /// @param place where it counts, until its end
  /// @param onGone runs on the lane, once, when it must not be found any more
  FallbackConnection(
      String name,
      Exchange first,
      boolean isStreaming,
      ServerOptions options,
      Traffic traffic,
      Place place,
      Consumer<FallbackConnection> onGone) {
    this.name = name;
    this.context = first.context();
    this.options = options;
    this.socketId = SocketId.next(context.random());
    this.client = first.client();
    this.traffic = traffic;
    this.place = place;
    this.graceNs = TimeUnit.SECONDS.toNanos(options.fallback().graceSeconds());
    this.onGone = onGone;
    this.inbox = new Inbox(this, context, options, first.loop());
    this.lastReadNs = context.nowNs();
    this.outlet = new Outlet(this, context, isStreaming);
    this.pulse = new Pulse(options);
    outlet.add(OwnLines.open(options.fallback().host()), false);
  }

  /// What it is found by.
  String name() {
    return name;
  }

  @Override
  public String socketId() {
    return socketId;
  }

  @Override
  public String address() {
    return client.toString();
  }

  @Override
  public Lane lane() {
    return context.lane();
  }

  @Override
  public String transport() {
    return outlet.isForStreams() ? "xhr_streaming" : "xhr_polling";
  }

  void begin(Session begun) {
    session = begun;
  }

  @Override
  public @Nullable Session session() {
    return session;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  boolean isClosing() {
    return closingSinceNs != 0;
  }

  boolean isGone() {
    return isGone;
  }

  /// The messages of the client.
  Inbox inbox() {
    return inbox;
  }

  /// The client has sent a request.
  void onRead() {
    lastReadNs = context.nowNs();
    pulse.onRead();
  }

  /// The client has asked for what it is sent.
  void attach(Exchange exchange, boolean isStreaming) {
    assert lane().onOwner();
    onRead();
    pulse.onAttached(context.nowNs());
    outlet.attach(exchange, isStreaming);
    context.heartbeat().checkSoon(this);
  }

  /// The client is between two requests.
  void onAlone() {
    context.heartbeat().checkSoon(this);
  }

  @Override
  public void send(ServerMessage message) {
    assert lane().onOwner();
    if (isClosing() || (isBehind() && !new SlowReading(this).mayBeSent())) {
      return;
    }
    traffic.add(Count.MESSAGES_SENT, 1);
    traffic.add(Count.DELIVERIES, message instanceof ServerMessage.Event ? 1 : 0);
    add(OwnLines.message(MessageWriter.write(message)), false);
  }

  @Override
  public boolean onDeliver(Frames frames) {
    assert lane().onOwner();
    if (isClosing()) {
      lane().tally().wasClosing();
      return false;
    }
    SharedFrame shared = (SharedFrame) frames;
    if (isBehind()) {
      lane().tally().fellBehind();
      shared = new SlowReading(this).withoutEvents(shared);
      if (shared == null) {
        return false;
      }
    }
    boolean isFirst = !isDirty;
    traffic.add(Count.MESSAGES_SENT, shared.messages());
    traffic.add(Count.DELIVERIES, shared.events());
    add(shared.line(), true);
    return isFirst;
  }

  private void add(MessageLine line, boolean isShared) {
    traffic.add(Count.BYTES_SENT, line.bytes().readableBytes());
    outlet.add(line, isShared);
    isDirty = true;
  }

  @Override
  public boolean isUnflushed() {
    return isDirty;
  }

  @Override
  public boolean mayReplay(Runnable then) {
    assert lane().onOwner();
    onFlush();
    boolean mayReplay = !isClosing() && Backlog.isNearlyRead(outlet.pendingBytes());
    if (!mayReplay && !isClosing()) {
      outlet.whenNearlySent(then);
    }
    return mayReplay;
  }

  @Override
  public @Nullable Losses losses() {
    return new SlowReading(this).losses();
  }

  @Override
  public void onFlush() {
    assert lane().onOwner();
    if (isDirty) {
      isDirty = false;
      outlet.flush();
      if (isWatched) {
        context.heartbeat().checkSoon(this);
      }
    }
  }

  private boolean isBehind() {
    return outlet.pendingBytes() > options.maxPendingBytes();
  }

  @Override
  public boolean isOpen() {
    return !isGone;
  }

  @Override
  public boolean isFarBehind() {
    return outlet.pendingBytes() > 2L * options.maxPendingBytes();
  }

  @Override
  public String tooSlow() {
    return Backlog.tooSlow(outlet.pendingBytes(), options.maxPendingBytes());
  }

  @Override
  public SocketState socketState() {
    return new SocketState(outlet.pendingBytes(), lastReadNs, isBehind());
  }

  @Override
  public void checkSoon() {
    isWatched = true;
    context.heartbeat().checkSoon(this);
  }

  /// Does nothing: only pusher-js comes this way, which is asked with `pusher:ping`.
  @Override
  public void ping(byte[] payload) {}

  @Override
  public void onFellBehind(String reason) {
    if (!isClosing()) {
      traffic.add(Count.SLOW_READERS, 1);
      closeAnyway(CloseCode.OVER_CAPACITY, reason);
    }
  }

  @Override
  public void onDeliveryFailed(Throwable cause) {
    assert lane().onOwner();
    new SlowReading(this).onMissed();
    if (LineBudget.FAULTS.permits(log)) {
      log.warn("disconnecting {}: could not write an event", socketId, cause);
    }
    closeAnyway(
        CloseCode.OVER_CAPACITY, "The server could not send an event: " + cause.getMessage());
  }

  private void closeAnyway(CloseCode code, String reason) {
    try {
      close(code, reason);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      dispose();
      lane().execute(() -> end(ABNORMAL, "the connection failed", () -> {}));
    }
  }

  @Override
  public void close(CloseCode code, String reason) {
    assert lane().onOwner();
    if (!isClosing()) {
      beginClosing();
      end(code.code(), reason, () -> sayGoodbye(code, reason));
    }
  }

  private void end(int code, String reason, Runnable whenGone) {
    Session open = session;
    if (open == null) {
      whenGone.run();
    } else {
      open.onClosed(code, reason, whenGone);
    }
  }

  private void beginClosing() {
    closingSinceNs = context.nowNs();
    context.heartbeat().checkSoon(this);
  }

  private void sayGoodbye(CloseCode code, String reason) {
    if (!isGone) {
      traffic.add(Count.MESSAGES_SENT, code.isPusher() ? 1 : 0);
      OwnLines.goodbye(code, reason).forEach(line -> add(line, false));
      outlet.finish();
      onFlush();
    }
  }

  /// The client has not come back, so it is gone.
  private void abandon() {
    beginClosing();
    onGone.accept(this);
    end(ABNORMAL, "the client made no other request", this::dispose);
  }

  /// The client has been sent the last line, or is sent nothing more: drops everything. Idempotent.
  void dispose() {
    if (isGone) {
      return;
    }
    isGone = true;
    closingSinceNs = closingSinceNs == 0 ? context.nowNs() : closingSinceNs;
    context.heartbeat().remove(this);
    onGone.accept(this);
    place.release();
    outlet.close();
  }

  @Override
  public boolean isSocket() {
    return false;
  }

  @Override
  public long onDue(long nowNs) {
    if (isClosing()) {
      long leftNs = closingSinceNs + Math.max(CLOSE_TIMEOUT_NS, graceNs) - nowNs;
      if (leftNs <= 0) {
        dispose();
      }
      return leftNs;
    }
    long leftNs =
        outlet.isAttached() ? heartbeatNs(nowNs) : outlet.aloneSinceNs() + graceNs - nowNs;
    if (leftNs <= 0 && !outlet.isAttached()) {
      abandon();
    }
    Session open = session;
    return open == null || isClosing() ? leftNs : Math.min(leftNs, open.onDue(nowNs));
  }

  /// Sends a heartbeat if it is time, and closes the connection if the client has not answered one.
  ///
  /// @return nanoseconds until the next of the two is due
  private long heartbeatNs(long nowNs) {
    if (pulse.isDead(nowNs)) {
      close(CloseCode.PONG_MISSING, "Pong reply not received");
      return 0;
    }
    if (pulse.isDue(nowNs, outlet.isStreaming())) {
      add(OwnLines.heartbeat(), false);
      onFlush();
    }
    return pulse.leftNs(nowNs);
  }
}
