package dev.fanfare.node;

import dev.fanfare.acme.Acme;
import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.Secret;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.console.ConsoleServer;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.history.disk.DiskStore;
import dev.fanfare.http.once.LocalKeys;
import dev.fanfare.http.operator.Operators;
import dev.fanfare.metrics.MetricsServer;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.SecretMask;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.ServerLog;
import dev.fanfare.protocol.Limits;
import dev.fanfare.transport.FileBudget;
import dev.fanfare.transport.OpenFiles;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.SocketContextBuilder;
import dev.fanfare.transport.SourceLimits;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.memory.DirectMemory;
import dev.fanfare.transport.server.NettyServer;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// A second server in this process, which only its own clients know: on a free port of the loopback
/// interface, with an app whose credentials are random. It is made of the same classes as the first
/// one, so that what the JVM learns from it applies to both, but it shares no state with it, and
/// has no endpoint, file, other node, console or port for metrics. Nothing sweeps it, so it is for
/// seconds. Started and closed by one thread.
final class WarmUpServer implements AutoCloseable {

  private static final int SECRET_BYTES = 20;

  /// More than a crowd needs, but few: other programs of this machine could connect, too.
  private static final int MAX_SOCKETS = 256;

  private static final FanfareServer.Clocks CLOCKS = FanfareServer.Clocks.SYSTEM;

  private final NettyServer netty;
  private final Outside outside;
  private final App app;

  private WarmUpServer(NettyServer netty, Outside outside, App app) {
    this.netty = netty;
    this.outside = outside;
    this.app = app;
  }

  /// Starts it.
  ///
  /// @param first the options of the first server
  /// @throws IOException if it cannot listen
  static WarmUpServer start(PartOptions first) throws IOException {
    ServerOptions options = options(first.server());
    App app = newApp();
    Ledger ledger = Ledger.of(LedgerOptions.DERIVED, DirectMemory.ofProcess());
    Outside outside = outside(first, app, ledger);
    NettyServer netty = null;
    try {
      netty = NettyServer.second(options, CLOCKS.monotonic(), CLOCKS.wall(), ledger);
      listen(netty, options, outside);
      return new WarmUpServer(netty, outside, app);
    } catch (IOException | RuntimeException e) {
      if (netty != null) {
        netty.close();
      }
      outside.close();
      throw e;
    }
  }

  /// Those of the first server that make a difference for its code, but not its addresses, its
  /// proxies and its limits.
  private static ServerOptions options(ServerOptions first) {
    return first
        .withHost(InetAddress.getLoopbackAddress().getHostAddress())
        .withPort(0)
        .withPathPrefix("")
        .withLanes(1)
        .withMaxSockets(0)
        .withMaxConnectionsPerAddress(0)
        .withMaxHandshakesPerSecondPerAddress(0)
        .withTrustedProxies(List.of())
        .withProxyProtocol(ServerOptions.ProxyProtocol.OFF)
        .withTls(TlsOptions.OFF);
  }

  private static App newApp() {
    SecureRandom random = new SecureRandom();
    return new App(
        "0",
        hex(random),
        new Secret(hex(random)),
        AppOptions.DEFAULTS.withClientEvents(true),
        Limits.HOSTED.withMaxClientEventsPerSecond(0));
  }

  private static String hex(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Outside outside(PartOptions first, App app, Ledger ledger) throws IOException {
    NanoClock clock = CLOCKS.monotonic();
    InstantSource wall = CLOCKS.wall();
    CurrentApps apps = new CurrentApps(List.of(app), _ -> {});
    MetricsServer metrics = new MetricsServer(first.metrics(), apps); // never opened
    ServerListener listener =
        ServerListener.all(List.of(log(), metrics.listener(), ServerListener.NONE));
    Bus bus = new LocalBus();
    Outbox outbox = Webhooks.openOutbox(WebhookOptions.DEFAULTS, ledger.webhooks(), clock, wall);
    Webhooks webhooks =
        Webhooks.start(
            apps,
            WebhookOptions.DEFAULTS,
            outbox,
            ledger.webhooks(),
            new Webhooks.Clocks(clock, wall),
            listener,
            bus);
    return OutsideBuilder.builder()
        .apps(apps)
        .catalog(new AtomicReference<>())
        .operators(new Operators(new RequestAuth(wall, listener, ""), clock, _ -> {}))
        .stored(null)
        .bus(bus)
        .listener(listener)
        .webhooks(webhooks)
        .outbox(outbox)
        .metrics(metrics)
        .console(new ConsoleServer(ConsoleOptions.DEFAULTS, apps, ledger.console(), wall))
        .spans(null)
        .ledger(ledger)
        .history(DiskStore.of(ledger, HistoryOptions.DEFAULTS, ResumeOptions.DEFAULTS, wall, clock))
        .shared(null)
        .requestKeys(null)
        .cluster(ClusterOptions.OFF)
        .acme(new Acme(AcmeOptions.OFF, wall))
        .warmUp(new WarmUp(first, new OpenFiles.Unlimited()))
        .build();
  }

  /// The log would show these clients if it showed every client.
  private static ServerListener log() {
    boolean isVerbose = Component.CONNECTIONS.logger().isDebugEnabled();
    return isVerbose
        ? ServerListener.NONE
        : new ServerLog(CLOCKS.monotonic(), SecretMask.of(List.of()));
  }

  private static void listen(NettyServer netty, ServerOptions options, Outside outside)
      throws IOException {
    NanoClock clock = CLOCKS.monotonic();
    Core core = Core.of(netty.lanes(), "", CLOCKS, outside);
    LocalKeys keys = new LocalKeys(outside.ledger().keys(), clock, outside.listener());
    netty.listen(
        SocketContextBuilder.builder()
            .options(options)
            .apps(outside.lookups())
            .sessions(core.sessionContext(CLOCKS, outside.listener()))
            .router(Routers.of(core, CLOCKS, outside, keys))
            .sources(new SourceLimits(options, clock))
            .files(new FileBudget(new OpenFiles.Unlimited(), () -> 0, MAX_SOCKETS))
            .readiness(core.readiness())
            .build());
  }

  /// Where it listens.
  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), netty.port());
  }

  /// Its only app.
  App app() {
    return app;
  }

  @Override
  public void close() {
    netty.close();
    outside.close();
  }
}
