package dev.fanfare.transport.server;

import dev.fanfare.budget.Ledger;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.CertificateWatch;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.DateHeader;
import dev.fanfare.transport.Deflation;
import dev.fanfare.transport.Heartbeat;
import dev.fanfare.transport.HttpSockets;
import dev.fanfare.transport.Inflation;
import dev.fanfare.transport.InputBudget;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.LaneContextBuilder;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.fallback.Fallbacks;
import dev.fanfare.transport.memory.Backlog;
import dev.fanfare.transport.memory.Holdings;
import dev.fanfare.transport.memory.Relief;
import dev.fanfare.transport.tls.PortPolicy;
import dev.fanfare.transport.tls.Tls;
import dev.fanfare.transport.websocket.SharedFrame;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The listening sockets and their event loops, one lane each.
public final class NettyServer implements AutoCloseable {

  private static final Logger log = Component.SERVER.logger();

  /// HTTP connections that one lane closes at a time when files run short, and more of those that
  /// never sent a request.
  private static final int IDLE_AT_ONCE = 8;

  /// A connection that has been idle for less is not closed: its request may be on its way.
  private static final long MIN_IDLE_NS = TimeUnit.SECONDS.toNanos(1);

  private static final long STOP_MS = 2_000;

  /// At the end of a drain: how long an HTTP connection must be idle before it is closed.
  private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ServerOptions options;
  private final NativeTransport transport;
  private final MultiThreadIoEventLoopGroup loops;
  private final Map<EventLoop, LaneContext> contexts = new LinkedHashMap<>();
  private final Tls tls;
  private final CertificateWatch certificates;
  private final List<Integer> inherited;

  private volatile boolean isClosed;

  /// Null until the server listens.
  private @Nullable Listeners listeners;

  /// Null until the server listens.
  private volatile @Nullable Fallbacks fallbacks;

  /// Starts the event loops; nothing listens yet.
  ///
  /// @throws IOException with every problem of the certificate, or if inherited sockets cannot be
  ///   used
  public NettyServer(ServerOptions options, NanoClock clock, InstantSource wall, Ledger ledger)
      throws IOException {
    this(options, clock, wall, ledger, InheritedSockets.of(System.getenv(), pid()));
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  /// A second server of the process: it leaves inherited sockets to the first.
  public static NettyServer second(
      ServerOptions options, NanoClock clock, InstantSource wall, Ledger ledger)
      throws IOException {
    return new NettyServer(options, clock, wall, ledger, List.of());
  }

  private NettyServer(
      ServerOptions options,
      NanoClock clock,
      InstantSource wall,
      Ledger ledger,
      List<Integer> inherited)
      throws IOException {
    this.options = options;
    this.tls = Tls.of(options.tls(), clock);
    this.certificates = CertificateWatch.start(options.tls().files(), clock, wall, tls::use);
    this.inherited = inherited;
    this.transport =
        inherited.isEmpty()
            ? NativeTransport.choose(options.transport())
            : NativeTransport.forInherited();
    int lanes = options.laneCount();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            lanes, new DefaultThreadFactory("fanfare-lane"), transport.handlers());
    SecureRandom random = new SecureRandom();
    Relief relief = new Relief();
    Relief slowReaders = new Relief();
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      Deflation deflation = new Deflation();
      Backlog backlog = new Backlog(ledger.backlog(), slowReaders, loop);
      Lane lane =
          new Lane(
              contexts.size(),
              loop,
              task -> afterReads(loop, task),
              loop::inEventLoop,
              new SharedFrame.Maker(PooledByteBufAllocator.DEFAULT, deflation::deflate, backlog),
              ledger.queueBytes() / lanes);
      var _ =
          loop.scheduleAtFixedRate(
              backlog::onSweep,
              Heartbeat.INTERVAL_MS,
              Heartbeat.INTERVAL_MS,
              TimeUnit.MILLISECONDS);
      Heartbeat heartbeat = new Heartbeat(clock, lane.tally(), task -> afterReads(loop, task));
      contexts.put(
          loop,
          LaneContextBuilder.builder()
              .lane(lane)
              .heartbeat(heartbeat)
              .http(new HttpSockets(options))
              .date(new DateHeader(wall))
              .deflation(deflation)
              .inflation(new Inflation())
              .requests(new Holdings(ledger.requests(), relief, loop))
              .backlog(backlog)
              .input(new InputBudget(clock, lane.tally()))
              .random(random)
              .clock(clock)
              .build());
      var _ =
          loop.scheduleWithFixedDelay( // missed sweeps are not repeated
              heartbeat::onSweep,
              Heartbeat.INTERVAL_MS,
              Heartbeat.INTERVAL_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  /// The lanes, one per event loop.
  public List<Lane> lanes() {
    List<Lane> lanes = new ArrayList<>();
    contexts.values().forEach(context -> lanes.add(context.lane()));
    return lanes;
  }

  /// The engine of new TLS handshakes; null without a certificate.
  public Tls.@Nullable Choice tlsEngine() {
    return tls.choice();
  }

  /// Checks the files of certificates, and replaces keys of TLS whose time is over. Blocks on the
  /// disk.
  public void sweepTls() {
    certificates.sweep();
    tls.sweep();
  }

  /// Watches the certificate of new TLS handshakes.
  public CertificateWatch certificates() {
    return certificates;
  }

  /// Answers an authority that examines a domain with this certificate; null to end. Any thread.
  public void presentChallenge(@Nullable Credentials credentials) throws IOException {
    tls.presentChallenge(credentials);
  }

  /// Starts to listen. Throws with the address in the message if that fails.
  public void listen(SocketContext shared) throws IOException {
    if (shared.files().checkLimit() instanceof Parsed.Bad(String lowLimit)) {
      log.warn("{}", lowLimit);
    }
    boolean hasTlsPort = options.tls().isOn() && options.tls().port() != 0;
    Listeners opened =
        new Listeners(options, transport, loops, new AcceptGate(shared.files(), this::closeIdle));
    listeners = opened;
    Fallbacks overHttp = new Fallbacks(shared);
    fallbacks = overHttp;
    opened.open(
        inherited,
        new Pipeline(shared, this::context, PortPolicy.main(options.tls(), tls), overHttp),
        hasTlsPort ? new Pipeline(shared, this::context, PortPolicy.tlsOnly(tls), overHttp) : null);
  }

  /// Asks every lane to close its oldest HTTP connections that have no request in progress. It
  /// reads first: after a standstill, requests that have arrived in time wait there.
  private void closeIdle() {
    contexts.forEach((loop, context) -> {
      Runnable close = () -> context.http().closeOldest(IDLE_AT_ONCE, context.nowNs(), MIN_IDLE_NS);
      loop.execute(() -> afterReads(loop, close));
    });
  }

  /// Visits each established connection over HTTP with the id of its app and its transport. Any
  /// thread.
  public void forEachOverHttp(BiConsumer<String, String> visitor) {
    Fallbacks all = fallbacks;
    if (all != null) {
      all.forEach(visitor);
    }
  }

  /// The main port; 0 before [#listen].
  public int port() {
    return listeners == null ? 0 : listeners.port();
  }

  /// The port that accepts TLS; 0 if there is none.
  public int tlsPort() {
    return listeners == null || !options.tls().isOn() ? 0 : listeners.tlsPort();
  }

  /// True if the port was open before this process and stays open after it.
  public boolean isPortInherited() {
    return listeners != null && listeners.isInherited();
  }

  /// Which transport and which engine for TLS were chosen, and why.
  public String transport() {
    Tls.Choice engine = tls.choice();
    return transport.kind()
        + " ("
        + transport.reason()
        + "), "
        + contexts.size()
        + " lanes"
        + (engine == null ? "" : ", TLS by " + engine);
  }

  /// Stops accepting; connections stay open.
  public void stopListening() {
    if (listeners != null) {
      listeners.close();
    }
  }

  /// From now on every HTTP response closes its connection, and connections without a request are
  /// closed. Blocks until this applies to every lane.
  public void drainHttp() {
    onEveryLane(context -> {
      context.http().drain();
      return true;
    });
  }

  /// True if a loop has ended, or is about to, although the server is not closed. Any thread.
  public boolean hasDeadLane() {
    return !isClosed && contexts.keySet().stream().anyMatch(EventLoop::isShuttingDown);
  }

  /// Ends one loop; for tests.
  Future<?> endOneLane() {
    return loops.next().shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }

  /// Blocks until no HTTP connection has a request in progress or may still send one, but not
  /// longer than `maxMs`.
  public void awaitHttp(long maxMs) {
    long deadlineNs = NanoClock.SYSTEM.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMs);
    while (!onEveryLane(context -> context.http().finishIdle(context.nowNs(), QUIET_NS))
        && NanoClock.SYSTEM.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(POLL_NS);
    }
  }

  /// Runs `step` on every lane; true if it returned true on all of them.
  private boolean onEveryLane(Predicate<LaneContext> step) {
    List<Future<Boolean>> answers = new ArrayList<>();
    contexts.forEach((loop, context) -> answers.add(loop.submit(() -> step.test(context))));
    boolean isTrue = true;
    for (Future<Boolean> answer : answers) {
      isTrue &= answer.awaitUninterruptibly().getNow();
    }
    return isTrue;
  }

  @Override
  public void close() {
    isClosed = true;
    stopListening();
    var stopped = loops.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS);
    if (stopped.awaitUninterruptibly(2 * STOP_MS, TimeUnit.MILLISECONDS)) {
      contexts.values().forEach(LaneContext::close);
    } else {
      log.warn("an event loop has not stopped within {} ms", 2 * STOP_MS); // it may use its context
    }
    tls.close();
  }

  /// A loop runs scheduled tasks once per iteration, after reading: a task added now waits for the
  /// next iteration, while `execute` would run it in this one.
  private static void afterReads(EventLoop loop, Runnable task) {
    var _ = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  private LaneContext context(EventLoop loop) {
    LaneContext context = contexts.get(loop);
    if (context == null) {
      throw new IllegalStateException("socket of an unknown event loop");
    }
    return context;
  }
}
