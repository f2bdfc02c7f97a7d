package dev.fanfare.transport.websocket;

import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.SocketId;
import dev.fanfare.session.Session;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.Heartbeat;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.server.EmbeddedLane;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Sessions on sockets without a network, on one lane, with the real handlers, timers and
/// housekeeping tasks. Time passes when the caller says so. One thread calls it; what it does
/// happens on its own loop.
final class QuietCrowd implements AutoCloseable {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int SECOND_MS = Heartbeat.INTERVAL_MS;

  /// What housekeeping is called at.
  private static final int STEP_MS = 100;

  private final InlineLoop tasks = new InlineLoop();
  private final EventLoop loop = new DefaultEventLoop();
  private final ServerOptions options;
  private final EmbeddedLane lane;
  private final OfflineNode node;
  private final LaneContext context;
  private final List<QuietSocket> sockets = new ArrayList<>();
  private final List<NettyConnection> connections = new ArrayList<>();
  private int elapsedMs;
  private int pings;

  /// CPU time of the timers and of the housekeeping tasks, nanoseconds.
  private long cpuNs;

  /// CPU time of the longest task of the lane, nanoseconds.
  private long longestNs;

  QuietCrowd(ServerOptions options) {
    this.options = options;
    lane = new EmbeddedLane(options, tasks, PooledByteBufAllocator.DEFAULT, ServerListener.NONE);
    node = lane.offline();
    context = lane.context();
  }

  OfflineNode node() {
    return node;
  }

  int size() {
    return sockets.size();
  }

  /// Opens connections.
  void connect(int count) {
    for (int i = 0; i < count; i++) {
      onLoop(() -> {
        QuietSocket socket = new QuietSocket();
        sockets.add(socket);
        connections.add(open(socket));
      });
    }
  }

  private void onLoop(Runnable task) {
    var _ =
        loop.submit(
                () -> {
                  task.run();
                  tasks.runAll();
                })
            .syncUninterruptibly();
  }

  private NettyConnection open(QuietSocket socket) {
    var _ = loop.register(socket);
    var traffic = context.lane().tally().traffic(TestNode.APP.id());
    NettyConnection connection =
        new NettyConnection(
            socket,
            context,
            options,
            SocketId.next(context.random()),
            Remote.of(socket.remoteAddress()),
            traffic,
            false);
    Session session = new Session(node.app(), connection, node.sessionContext());
    connection.begin(session);
    socket
        .pipeline()
        .addLast(
            new FrameDecoder(Upgrade.decoderConfig(options), traffic, context.requests()),
            new WebSocketHandler(connection, options, context));
    context.heartbeat().add(connection);
    session.onOpen(options.activityTimeoutSeconds());
    connection.onFlush();
    return connection;
  }

  /// Subscribes each connection to one channel.
  ///
  /// @param channels how many different ones
  void subscribe(int channels) {
    for (int i = 0; i < connections.size(); i++) {
      int index = i;
      onLoop(() -> subscribe(connections.get(index), index % channels));
    }
  }

  private static void subscribe(NettyConnection connection, int channel) {
    Session session = Objects.requireNonNull(connection.session());
    session.onMessage(new ClientMessage.Subscribe("room-" + channel, null, null));
    connection.onFlush();
  }

  /// Replaces a connection by a new one, in the same channel.
  void replace(int index, int channels) {
    onLoop(() -> {
      var _ = sockets.get(index).close();
      QuietSocket socket = new QuietSocket();
      sockets.set(index, socket);
      connections.set(index, open(socket));
      subscribe(connections.get(index), index % channels);
    });
  }

  /// Lets time pass, with everything that the server does meanwhile. Clients answer pings.
  ///
  /// @param pause between two tenths of a second, in real time
  void pass(Duration time, Duration pause) throws InterruptedException {
    long untilMs = elapsedMs + time.toMillis();
    while (elapsedMs < untilMs) {
      Thread.sleep(pause);
      elapsedMs += STEP_MS;
      node.clock().advance(Duration.ofMillis(STEP_MS));
      var _ = loop.submit(this::step).syncUninterruptibly();
    }
  }

  private void step() {
    cpuNs += timed(node.channels()::sweep);
    cpuNs += timed(node.watchlists()::sweep);
    if (elapsedMs % SECOND_MS == 0) {
      onLane(context.heartbeat()::onSweep);
      onLane(context.backlog()::onSweep);
      while (onLane(tasks::runOne)) {
        // the next slice
      }
      answerPings();
    }
  }

  private void onLane(Runnable task) {
    long tookNs = timed(task);
    cpuNs += tookNs;
    longestNs = Math.max(longestNs, tookNs);
  }

  private boolean onLane(BooleanSupplier task) {
    boolean[] result = new boolean[1];
    Runnable timed = () -> result[0] = task.getAsBoolean();
    onLane(timed);
    return result[0];
  }

  private static long timed(Runnable task) {
    long startNs = THREADS.getCurrentThreadCpuTime();
    task.run();
    return THREADS.getCurrentThreadCpuTime() - startNs;
  }

  private void answerPings() {
    for (int i = 0; i < sockets.size(); i++) {
      if (sockets.get(i).takePing()) {
        pings++;
        connections.get(i).onRead();
      }
    }
  }

  /// Each client sends something that needs no answer.
  void receive() {
    onLoop(() -> connections.forEach(NettyConnection::onRead));
  }

  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /// Pings that were answered.
  int pings() {
    return pings;
  }

  boolean areAllOpen() {
    return sockets.stream().allMatch(QuietSocket::isOpen);
  }

  /// Part of a core that was used since the last call.
  double takeCores(Duration time) {
    double cores = (double) cpuNs / time.toNanos();
    cpuNs = 0;
    return cores;
  }

  /// Microseconds of CPU of the longest task of the lane since the last call.
  double takeLongestMicros() {
    double micros = longestNs / 1e3;
    longestNs = 0;
    return micros;
  }
}
