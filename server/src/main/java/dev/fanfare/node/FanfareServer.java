package dev.fanfare.node;

import dev.fanfare.acme.Acme;
import dev.fanfare.app.App;
import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.AppChanges;
import dev.fanfare.app.Apps;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.budget.Ledger;
import dev.fanfare.bus.Bus;
import dev.fanfare.console.ConsoleServer;
import dev.fanfare.console.act.Program;
import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.history.disk.DiskStore;
import dev.fanfare.http.Router;
import dev.fanfare.http.once.LocalKeys;
import dev.fanfare.http.once.SharedKeys;
import dev.fanfare.http.operator.OperatorKey;
import dev.fanfare.http.operator.Operators;
import dev.fanfare.metrics.MetricsServer;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Reloads;
import dev.fanfare.observe.SecretMask;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.ServerLog;
import dev.fanfare.observe.StallClock;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.sql.StoredApps;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.FileBudget;
import dev.fanfare.transport.OpenFiles;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.SocketContextBuilder;
import dev.fanfare.transport.SourceLimits;
import dev.fanfare.transport.memory.DirectMemory;
import dev.fanfare.transport.server.NettyServer;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.outbox.Outbox;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A running server: creates its parts, starts them in order and closes them in reverse.
public final class FanfareServer implements AutoCloseable {

  /// How long HTTP connections have to end once the port is closed.
  private static final long HTTP_DRAIN_MS = 2_000;

  private static final String ENDING = "The server is shutting down";
  private static final String RECONNECT = "The server is shutting down, please reconnect";

  private final NettyServer netty;
  private final Core core;
  private final Outside outside;

  /// Parts to notify, in this order, after the apps have been replaced.
  private final List<Consumer<AppChanges>> followers;

  /// Closes the other parts, in this order, after the last connection.
  private final List<Runnable> endings;

  private volatile int drained;

  private FanfareServer(
      NettyServer netty,
      Core core,
      Outside outside,
      List<Consumer<AppChanges>> followers,
      List<Runnable> endings) {
    this.netty = netty;
    this.core = core;
    this.outside = outside;
    this.followers = List.copyOf(followers);
    this.endings = List.copyOf(endings);
  }

  /// Starts a server with real clocks. Throws if it cannot listen, or use its files or folders.
  public static FanfareServer start(PartOptions options, List<App> apps) throws IOException {
    Clocks clocks = new Clocks(new StallClock(NanoClock.SYSTEM), InstantSource.system());
    Ledger ledger = Ledger.of(options.ledger(), DirectMemory.ofProcess());
    Outbox outbox =
        Webhooks.openOutbox(
            options.webhooks(), ledger.webhooks(), clocks.monotonic(), clocks.wall());
    Bus bus = BusStart.of(options.cluster(), apps);
    return start(options, apps, clocks, ServerListener.NONE, outbox, bus, ledger);
  }

  /// The clocks of a server; tests provide others.
  public record Clocks(NanoClock monotonic, InstantSource wall) {
    public static final Clocks SYSTEM = new Clocks(NanoClock.SYSTEM, InstantSource.system());
  }

  /// Starts a server that also notifies `observer` and owns `outbox` and `bus`. Throws like the
  /// other.
  public static FanfareServer start(
      PartOptions options,
      List<App> configured,
      Clocks clocks,
      ServerListener observer,
      Outbox outbox,
      Bus bus)
      throws IOException {
    Ledger ledger = Ledger.of(options.ledger(), DirectMemory.ofProcess());
    return start(options, configured, clocks, observer, outbox, bus, ledger);
  }

  private static FanfareServer start(
      PartOptions options,
      List<App> configured,
      Clocks clocks,
      ServerListener observer,
      Outbox outbox,
      Bus bus,
      Ledger ledger)
      throws IOException {
    NanoClock clock = clocks.monotonic();
    ServerLog log = new ServerLog(clock, SecretMask.of(configured));
    CurrentApps apps = new CurrentApps(configured, log::hide);
    StoredApps stored = DatabaseLinks.open(options.database(), apps, clock, outbox);
    MetricsServer metrics = new MetricsServer(options.metrics(), apps);
    ConsoleServer console =
        new ConsoleServer(options.console(), apps, ledger.console(), clocks.wall());
    List<ServerListener> listeners = new ArrayList<>(List.of(log, metrics.listener(), observer));
    listeners.addAll(console.listeners());
    ServerListener listener = ServerListener.all(listeners);
    RequestAuth signatures =
        new RequestAuth(clocks.wall(), listener, options.server().pathPrefix());
    Operators operators = new Operators(signatures, clock, log::hide);
    operators.use(options.operators());
    Webhooks.Clocks both = new Webhooks.Clocks(clock, clocks.wall());
    Webhooks webhooks =
        Webhooks.start(apps, options.webhooks(), outbox, ledger.webhooks(), both, listener, bus);
    DiskStore history =
        DiskStore.of(ledger, options.history(), options.resume(), clocks.wall(), clock);
    Outside outside =
        OutsideBuilder.builder()
            .apps(apps)
            .catalog(new AtomicReference<>())
            .operators(operators)
            .stored(stored)
            .bus(bus)
            .listener(listener)
            .webhooks(webhooks)
            .outbox(outbox)
            .metrics(metrics)
            .console(console)
            .spans(Outside.spans(options, clocks))
            .ledger(ledger)
            .history(history)
            .shared(BusStart.history(options, history.memory(), clocks.wall()))
            .requestKeys(BusStart.keys(options.cluster().engine()))
            .cluster(options.cluster())
            .acme(new Acme(options.acme(), clocks.wall()))
            .warmUp(new WarmUp(options, OpenFiles.system()))
            .build();
    try {
      return start(options.server(), clocks, outside);
    } catch (IOException | RuntimeException e) {
      outside.close();
      throw e;
    }
  }

  private static FanfareServer start(ServerOptions options, Clocks clocks, Outside outside)
      throws IOException {
    NettyServer netty =
        new NettyServer(options, clocks.monotonic(), clocks.wall(), outside.ledger());
    try {
      Core core = Core.of(netty.lanes(), options.pathPrefix(), clocks, outside);
      LocalKeys here =
          new LocalKeys(outside.ledger().keys(), clocks.monotonic(), outside.listener());
      SharedKeys everywhere = outside.sharedKeys(here, clocks);
      SourceLimits sources = new SourceLimits(options, clocks.monotonic());
      FileBudget files =
          new FileBudget(OpenFiles.system(), outside::webhookEndpoints, options.maxSockets());
      outside.warmUp().announce(core.readiness());
      outside.join(core);
      Router router = Routers.of(core, clocks, outside, everywhere == null ? here : everywhere);
      netty.listen(
          SocketContextBuilder.builder()
              .options(options)
              .apps(outside.lookups())
              .sessions(core.sessionContext(clocks, outside.listener()))
              .router(router)
              .sources(sources)
              .files(files)
              .readiness(core.readiness())
              .build());
      outside.acme().start(options.host(), clocks.monotonic(), netty::presentChallenge);
      outside.metrics().open(outside.sources(netty, core), clocks.monotonic());
      outside
          .console()
          .open(
              outside.consoleParts(core, clocks, router, options),
              outside.consoleCertificate(netty));
      core.reloads().follow(outside.console()::reloaded);
      Housekeeping housekeeping =
          Housekeeping.start(
              clocks.monotonic(),
              core.channels()::sweep,
              core.watchlists()::sweep,
              sources::sweep,
              everywhere == null ? here::sweep : everywhere::sweep,
              core.overload(files, clocks)::sweep,
              netty::sweepTls,
              core.misconfiguration(netty, clocks, outside)::sweep,
              new LaneWatch(netty::hasDeadLane, LaneWatch::exit)::sweep,
              new ThreadWatch(core.readiness().vitals())::sweep,
              outside.warmUp()::sweep);
      core.readiness().vitals().add(housekeeping.vital());
      core.readiness().vitals().add(outside.webhooks().vital());
      outside.outbox().watch(core.readiness().vitals());
      List<Runnable> endings = List.of(housekeeping::close, netty::close, outside::close);
      FanfareServer server =
          new FanfareServer(netty, core, outside, followers(core, outside), endings);
      outside.follow(server::reload, core);
      outside.warmUp().start();
      return server;
    } catch (IOException | RuntimeException e) {
      netty.close();
      throw e;
    }
  }

  /// Parts to notify of changed apps, in this order.
  private static List<Consumer<AppChanges>> followers(Core core, Outside outside) {
    return List.of(
        _ -> core.auth().appsChanged(outside.apps()),
        _ -> outside.webhooks().appsChanged(),
        changes -> core.channels().appsChanged(changes.changed()),
        changes -> core.sessions().appsChanged(changes.removed()),
        changes -> core.sessions().appsChanged(changes.changed()),
        changes -> outside.appsChanged(changes, core));
  }

  /// The main port.
  public int port() {
    return netty.port();
  }

  /// The metrics port; 0 if metrics are off.
  public int metricsPort() {
    return outside.metrics().port();
  }

  /// The console's port; 0 if the console is off.
  public int consolePort() {
    return outside.console().port();
  }

  /// Shows in the console what the server was started from.
  public void offer(Program program) {
    outside.console().offer(program);
  }

  /// The apps in use.
  public Apps apps() {
    return outside.apps();
  }

  /// Lets operators list and change apps there, or in the database if apps are in one.
  public void manage(AppCatalog catalog) {
    outside.catalog().set(new AppCatalog(outside.store(catalog.store()), catalog.format()));
  }

  /// Replaces the keys of operators.
  public void useOperators(List<OperatorKey> keys) {
    outside.operators().use(keys);
  }

  /// Replaces the users of the console; sessions of those who have changed end.
  public void useConsoleUsers(List<ConsoleUser> users) {
    outside.console().use(users);
  }

  /// A code that logs in to the console once; null if the console is off or has users.
  public @Nullable String consoleLink() {
    return outside.console().link();
  }

  /// Which transport was chosen, and why.
  public String transport() {
    return netty.transport();
  }

  /// The port that accepts TLS, possibly the main port; 0 if TLS is off.
  public int tlsPort() {
    return netty.tlsPort();
  }

  /// The certificate in use; null without TLS.
  public @Nullable Credentials certificate() {
    return netty.certificates().current();
  }

  /// Checks the certificate files now instead of within five seconds, and tries again if one could
  /// not be ordered. Blocks on the disk.
  ///
  /// @return the result, a sentence that was logged too
  public String reloadCertificates() {
    outside.acme().retry();
    return netty.certificates().reload();
  }

  /// The memory that is held on behalf of peers.
  public Ledger ledger() {
    return outside.ledger();
  }

  /// Whether new connections are accepted.
  public Readiness readiness() {
    return core.readiness();
  }

  /// Where the outcome of each reload is recorded.
  public Reloads reloads() {
    return core.reloads();
  }

  /// Connections of an app.
  public int connections(App app) {
    return core.sessions().count(app);
  }

  /// Pending webhook events of other nodes that this node keeps, should they be killed.
  public int keptWebhooks() {
    return outside.webhooks().shared().kept();
  }

  /// Replaces the apps. Only connections of apps that were removed or disabled are closed. Blocks
  /// until every part that uses apps has been notified; not for event loops.
  public synchronized AppChanges reload(List<App> next) {
    AppChanges changes = outside.apps().replace(next);
    followers.forEach(follower -> follower.accept(changes));
    return changes;
  }

  /// Shuts down and disconnects all clients at once.
  @Override
  public void close() {
    close(new DrainOptions(0, 0, 0));
  }

  /// Shuts down: not ready any more, then closes the port and disconnects clients at the given
  /// pace, then sends the webhooks that this causes. Blocks until then.
  ///
  /// Clients are closed with 4200, reconnect at once, while they will be answered: by another node
  /// behind a load balancer that had `drain_delay_seconds` to notice, or by the next process on an
  /// inherited socket. Otherwise the port is closed and they get 4100, reconnect after a pause.
  public void close(DrainOptions drain) {
    startDrain();
    pause(drain.delaySeconds());
    core.readiness().refuse(Readiness.Cause.SHUTDOWN, ENDING);
    core.channels().handOver();
    boolean isPortInherited = netty.isPortInherited();
    boolean isEarly = drain.delaySeconds() > 0 && !isPortInherited;
    int early = isEarly ? core.sessions().drain(drain, CloseCode.RECONNECT, RECONNECT) : 0;
    netty.stopListening();
    long stoppedNs = NanoClock.SYSTEM.nanoTime();
    CloseCode code = isPortInherited ? CloseCode.RECONNECT : CloseCode.OVER_CAPACITY;
    drained = early + core.sessions().drain(drain, code, RECONNECT);
    if (drain.seconds() > 0) {
      long elapsedMs = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - stoppedNs);
      netty.awaitHttp(Math.max(0, HTTP_DRAIN_MS - elapsedMs));
      outside.history().awaitAnswers();
    }
    endings.forEach(Runnable::run);
  }

  /// How many connections [#close] has closed.
  public int drained() {
    return drained;
  }

  /// The first step of [#close]: `/ready` answers 503, every HTTP response closes its connection.
  public void startDrain() {
    core.readiness().discourage(Readiness.Cause.SHUTDOWN, ENDING);
    outside.drain();
    netty.drainHttp();
  }

  private static void pause(int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
