package dev.fanfare.transport.websocket;

import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Losses;
import dev.fanfare.observe.Traffic;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.MessageWriter;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.session.Connection;
import dev.fanfare.session.Session;
import dev.fanfare.session.SocketLog;
import dev.fanfare.session.SocketState;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.Swept;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.memory.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One upgraded socket, and the only code that writes to it. Confined to its lane.
///
/// Writes are collected until the end of the turn, with one flush per socket. A slow reader with
/// more pending bytes than the limit is disconnected or misses events, as its app is configured.
final class NettyConnection extends Swept implements Connection {

  /// How long the peer may take to answer our close frame before TCP is closed.
  private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int ABNORMAL = 1006;

  /// What a frame takes besides its bytes while it waits: the buffer and its place in the queue.
  private static final int OWN_FRAME_BYTES = 192;

  private final Channel socket;
  private final LaneContext context;
  private final ServerOptions options;
  private final String socketId;
  private final Traffic traffic;

  /// Where the client is, if that is not the other end of the socket; null if it is.
  private final @Nullable Remote proxied;

  /// True if both sides agreed on `permessage-deflate`.
  private final boolean compresses;

  /// Null until the connection is established, and always if it is refused.
  private @Nullable Session session;

  /// Set once the peer was late in reading.
  private Backlog.@Nullable Reader reader;

  /// Bytes of frames for this socket alone, since everything was sent.
  private int ownBytes;

  private boolean isDirty;

  /// How events are sent.
  private DirectWrite direct = DirectWrite.UNDECIDED;

  /// True once the session checks what was written.
  private boolean isWatched;

  /// When the close frame was written; 0 before.
  private long closingSinceNs;

  private long lastReadNs;

  /// When the last probe was sent; it is unanswered if nothing was read since.
  private long probedAtNs;

  NettyConnection(
      Channel socket,
      LaneContext context,
      ServerOptions options,
      String socketId,
      Remote remote,
      Traffic traffic,
      boolean compresses) {
    this.socket = socket;
    this.context = context;
    this.options = options;
    this.socketId = socketId;
    this.proxied = remote.equals(Remote.of(socket.remoteAddress())) ? null : remote;
    this.traffic = traffic;
    this.compresses = compresses;
    this.lastReadNs = context.nowNs();
    this.probedAtNs = lastReadNs;
  }

  @Override
  public String socketId() {
    return socketId;
  }

  /// The socket remembers its other end after the end, too.
  @Override
  public String address() {
    return (proxied == null ? Remote.of(socket.remoteAddress()) : proxied).toString();
  }

  @Override
  public Lane lane() {
    return context.lane();
  }

  void begin(Session begun) {
    session = begun;
  }

  @Nullable Session session() {
    return session;
  }

  /// What is counted for this connection's app on this lane.
  Traffic traffic() {
    return traffic;
  }

  boolean compresses() {
    return compresses;
  }

  Channel socket() {
    return socket;
  }

  boolean isClosing() {
    return closingSinceNs != 0;
  }

  @Override
  public void send(ServerMessage message) {
    assert lane().onOwner();
    if (isClosing() || (!isWritable() && !slowReading().mayBeSent())) {
      return;
    }
    traffic.add(Count.MESSAGES_SENT, 1);
    traffic.add(Count.DELIVERIES, message instanceof ServerMessage.Event ? 1 : 0);
    write(FrameWriter.text(socket.alloc(), MessageWriter.write(message)));
  }

  @Override
  public boolean onDeliver(Frames frames) {
    assert lane().onOwner();
    if (isClosing()) {
      lane().tally().wasClosing();
      return false;
    }
    SharedFrame shared = (SharedFrame) frames;
    if (direct == DirectWrite.UNDECIDED) {
      direct = DirectWrite.of(socket, compresses);
    }
    boolean isFirst = !isDirty;
    if (isFirst ? direct.mayHold(socket) : direct.mayJoin(shared)) {
      count(shared);
      ByteBuf frame = shared.plain();
      ownBytes += direct.hold(socket, frame);
      onWritten(frame);
      return isFirst;
    }
    if (!isWritable()) {
      lane().tally().fellBehind();
      shared = slowReading().withoutEvents(shared);
      if (shared == null) {
        return false;
      }
    }
    count(shared);
    writeShared((compresses ? shared.deflated() : shared.plain()).retainedDuplicate());
    return isFirst;
  }

  private void count(SharedFrame shared) {
    traffic.add(Count.MESSAGES_SENT, shared.messages());
    traffic.add(Count.DELIVERIES, shared.events());
  }

  void setDirect(DirectWrite way) {
    direct.passOn(socket);
    direct = way;
  }

  private boolean isWritable() {
    direct.passOn(socket);
    return socket.isWritable();
  }

  @Override
  public boolean isUnflushed() {
    return isDirty;
  }

  @Override
  public boolean mayReplay(Runnable whenSent) {
    assert lane().onOwner();
    onFlush(); // so that everything is counted
    boolean mayReplay = !isClosing() && socket.isWritable() && Backlog.isNearlyRead(socket);
    if (!mayReplay && !isClosing()) {
      var _ = socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> whenSent.run());
    }
    return mayReplay;
  }

  @Override
  public @Nullable Losses losses() {
    return slowReading().losses();
  }

  @Override
  public void onFlush() {
    assert lane().onOwner();
    if (isDirty) {
      isDirty = false;
      if (direct.flush(socket)) {
        onFlushed(0);
      } else {
        socket.flush();
        onFlushed(Backlog.pending(socket));
      }
      if (isWatched) {
        context.heartbeat().checkSoon(this);
      }
    }
  }

  @Override
  public SocketState socketState() {
    return new SocketState(Backlog.pending(socket), lastReadNs, !socket.isWritable());
  }

  @Override
  public void record(SocketLog log) {
    SocketTap.install(this, log);
  }

  @Override
  public void checkSoon() {
    isWatched = true;
    context.heartbeat().checkSoon(this);
  }

  @Override
  public void ping(byte[] payload) {
    write(FrameWriter.ping(socket.alloc(), payload));
    onFlush();
  }

  /// Counts what the peer has not read, if anything.
  private void onFlushed(long pending) {
    ownBytes = (int) Math.min(ownBytes, 2 * pending);
    if (pending == 0 && (reader == null || reader.bytes() == 0)) {
      return;
    }
    reader = reader == null ? context.backlog().reader(socket, this::onFellBehind) : reader;
    // TLS encrypts for each socket, so nothing is shared.
    boolean isShared = socket.pipeline().get(SslHandler.class) == null;
    context.backlog().set(reader, pending, isShared ? ownBytes : pending);
  }

  @Override
  public void onFellBehind(String reason) {
    if (!isClosing()) {
      traffic.add(Count.SLOW_READERS, 1);
      lastWords().closeAnyway(CloseCode.OVER_CAPACITY, reason);
    }
  }

  @Override
  public void onDeliveryFailed(Throwable cause) {
    assert lane().onOwner();
    slowReading().onMissed();
    lastWords().onDeliveryFailed(cause);
  }

  @Override
  public void close(CloseCode code, String reason) {
    assert lane().onOwner();
    if (!isClosing()) {
      beginClosing();
      end(code.code(), reason, () -> lastWords().close(code, reason));
    }
  }

  private SlowReading slowReading() {
    return new SlowReading(this, socket, options.maxPendingBytes());
  }

  LastWords lastWords() {
    return new LastWords(this, socket);
  }

  /// From now on nothing is delivered.
  void beginClosing() {
    direct.passOn(socket);
    closingSinceNs = context.nowNs();
    context.heartbeat().checkSoon(this);
  }

  /// The client sent a close frame: reply, then close TCP, as a server should (RFC 6455 7.1.1).
  void onCloseFrame(int code, String reason) {
    assert lane().onOwner();
    if (isClosing()) {
      if (session != null) {
        session.onCloseAnswered(code);
      }
      var _ = socket.close();
      return;
    }
    beginClosing();
    end(code, reason, () -> lastWords().answer(code, reason));
  }

  void onPing(ByteBuf payload) {
    assert lane().onOwner();
    if (!isClosing() && isWritable()) {
      write(FrameWriter.pong(socket.alloc(), payload));
    }
  }

  /// Any received data proves that the peer is alive.
  void onRead() {
    lastReadNs = context.nowNs();
  }

  /// The TCP connection is gone.
  void onInactive() {
    context.heartbeat().remove(this);
    direct.passOn(socket);
    if (!isClosing()) {
      closingSinceNs = context.nowNs(); // it may still have subscriptions for some turns
    }
    end(ABNORMAL, "the socket ended without a close frame", () -> {});
  }

  @Override
  public long onDue(long nowNs) {
    if (isClosing()) {
      long leftNs = closingSinceNs + CLOSE_TIMEOUT_NS - nowNs;
      if (leftNs <= 0) {
        var _ = socket.close();
      }
      return leftNs;
    }
    long leftNs = keepAliveNs(nowNs);
    return session == null || isClosing() ? leftNs : Math.min(leftNs, session.onDue(nowNs));
  }

  /// Probes a silent peer, and closes the connection if there is no answer.
  ///
  /// @return nanoseconds until the next of the two is due
  private long keepAliveNs(long nowNs) {
    long pongNs = TimeUnit.SECONDS.toNanos(options.pongTimeoutSeconds());
    long quietNs = TimeUnit.SECONDS.toNanos(options.activityTimeoutSeconds());
    boolean isProbed = probedAtNs - lastReadNs > 0;
    long leftNs = isProbed ? probedAtNs + pongNs - nowNs : lastReadNs + quietNs - nowNs;
    if (leftNs > 0) {
      return leftNs;
    }
    if (isProbed) {
      close(CloseCode.PONG_MISSING, "Pong reply not received");
    } else {
      probedAtNs = nowNs;
      ping(new byte[0]);
    }
    return pongNs;
  }

  /// Writes a frame for this socket alone; [#onFlush] sends it.
  void write(ByteBuf frame) {
    ownBytes += frame.readableBytes() + OWN_FRAME_BYTES;
    writeShared(frame);
  }

  private void writeShared(ByteBuf frame) {
    direct.passOn(socket);
    onWritten(frame);
    var _ = socket.write(frame, socket.voidPromise());
  }

  private void onWritten(ByteBuf frame) {
    isDirty = true;
    traffic.add(Count.BYTES_SENT, frame.readableBytes());
  }

  /// @param whenGone runs when the connection has left all channels, in this turn or a later one
  private void end(int code, String reason, Runnable whenGone) {
    if (session == null) {
      whenGone.run();
    } else {
      session.onClosed(code, reason, whenGone);
    }
  }
}
