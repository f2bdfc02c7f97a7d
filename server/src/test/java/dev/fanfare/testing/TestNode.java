package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.Secret;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A real server on a free loopback port, with one app unless a test brings its own. With
/// `-Dfanfare.nodes=2` there are two nodes behind HAProxy instead.
public final class TestNode implements AutoCloseable {

  /// Client events, subscription counts and watchlists are on; everything else is as hosted.
  public static final App APP =
      new App(
          "1234",
          "278d425bdf160c739803",
          new Secret("7ad3773142a6692b25b8"),
          AppOptions.DEFAULTS
              .withClientEvents(true)
              .withSubscriptionCounts(true)
              .withWatchlists(true),
          Limits.HOSTED);

  /// The same app, with compression for clients that ask.
  public static final App COMPRESSING_APP = APP.withOptions(APP.options().withCompression(true));

  private final FanfareServer server;
  private final App app;

  /// The server and a second node, if there is one.
  private final @Nullable BalancedNodes balanced;

  private TestNode(FanfareServer server, App app) {
    this.server = server;
    this.app = app;
    this.balanced = null;
  }

  private TestNode(BalancedNodes balanced, App app) {
    this.server = balanced.first();
    this.app = app;
    this.balanced = balanced;
  }

  public static TestNode start() {
    return start(options(0), FanfareServer.Clocks.SYSTEM, ServerListener.NONE, APP);
  }

  public static TestNode start(App... apps) {
    return start(options(0), FanfareServer.Clocks.SYSTEM, ServerListener.NONE, apps);
  }

  /// A server that measures time with the test's clock, but knows the real date.
  public static TestNode start(ManualClock clock, App... apps) {
    return start(clock.withSystemTime(), apps);
  }

  public static TestNode start(FanfareServer.Clocks clocks, App... apps) {
    return start(options(0), clocks, ServerListener.NONE, apps);
  }

  public static TestNode start(
      ServerOptions options, FanfareServer.Clocks clocks, ServerListener observer, App... apps) {
    return start(PARTS.withServer(options), clocks, observer, apps);
  }

  /// A server whose webhooks are sent as a test wants it.
  public static TestNode start(WebhookOptions webhooks, App... apps) {
    PartOptions options = PARTS.withWebhooks(webhooks);
    return start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, apps);
  }

  /// A server that exposes its metrics on a free port.
  public static TestNode start(MetricsOptions metrics, App... apps) {
    return startAt(metrics.withPort(0), apps);
  }

  /// A server that exposes its metrics exactly there.
  public static TestNode startAt(MetricsOptions metrics, App... apps) {
    PartOptions options = PARTS.withMetrics(metrics);
    return start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, apps);
  }

  public static TestNode start(
      PartOptions options, FanfareServer.Clocks clocks, ServerListener observer, App... apps) {
    Outbox outbox = Outboxes.inMemory(options.webhooks().maxDeadLetters());
    return start(options, clocks, observer, outbox, apps);
  }

  /// A server with the webhooks of this outbox, which it closes.
  public static TestNode start(Outbox outbox, App... apps) {
    return start(PARTS, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, outbox, apps);
  }

  /// A server with these options and the webhooks of this outbox, which it closes.
  public static TestNode start(
      PartOptions options,
      FanfareServer.Clocks clocks,
      ServerListener observer,
      Outbox outbox,
      App... apps) {
    if (!BalancedNodes.ARE_USED) {
      return start(options, clocks, observer, outbox, new LocalBus(), apps);
    }
    try {
      return new TestNode(
          BalancedNodes.start(options, clocks, observer, outbox, List.of(apps)), apps[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A server that makes everything from its options, as the command does.
  public static TestNode startWith(PartOptions options) {
    try {
      return new TestNode(FanfareServer.start(options, List.of(APP)), APP);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A server among those on this bus, which it closes.
  static TestNode start(Bus bus, FanfareServer.Clocks clocks, App... apps) {
    Outbox outbox = Outboxes.inMemory(PARTS.webhooks().maxDeadLetters());
    return start(PARTS, clocks, ServerListener.NONE, outbox, bus, apps);
  }

  static TestNode start(
      PartOptions options,
      FanfareServer.Clocks clocks,
      ServerListener observer,
      Outbox outbox,
      Bus bus,
      App... apps) {
    try {
      FanfareServer server =
          FanfareServer.start(options, List.of(apps), clocks, observer, outbox, bus);
      return new TestNode(server, apps[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// These apps and no others.
  public static CurrentApps apps(App... apps) {
    return new CurrentApps(List.of(apps), _ -> {});
  }

  /// What `-Dfanfare.test.transport=io_uring` asks for; by default the one that users get.
  private static final ServerOptions.Transport TRANSPORT =
      ServerOptions.Transport.valueOf(
          System.getProperty("fanfare.test.transport", "auto").toUpperCase(Locale.ROOT));

  /// Loopback, two lanes, all else by default; port 0 for any free one.
  public static ServerOptions options(int port) {
    return ServerOptions.DEFAULTS
        .withHost("127.0.0.1")
        .withPort(port)
        .withLanes(2)
        .withTransport(TRANSPORT);
  }

  /// Those options, and metrics off: many servers run at once.
  public static final PartOptions PARTS =
      new PartOptions(
          options(0), WebhookOptions.DEFAULTS, MetricsOptions.DEFAULTS.withEnabled(false));

  /// The port for clients: of the server, or of the balancer in front of two.
  public int port() {
    return balanced == null ? server.port() : balanced.port();
  }

  /// The first app.
  public App app() {
    return app;
  }

  /// The server; the first one of two.
  public FanfareServer server() {
    return server;
  }

  /// True if tests run on two nodes.
  public static boolean isOnTwoNodes() {
    return BalancedNodes.ARE_USED;
  }

  /// Waits until each of two nodes that tests run on knows what the other has decided. Nothing if
  /// tests run on one.
  public static void settle() {
    BalancedNodes.settle();
  }

  /// An established raw connection to the first app.
  public RawSocket connect() throws IOException {
    return RawSocket.established(port(), app.key());
  }

  @Override
  public void close() {
    if (balanced == null) {
      server.close();
    } else {
      balanced.close();
    }
  }
}
