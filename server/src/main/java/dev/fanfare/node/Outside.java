package dev.fanfare.node;

import dev.fanfare.acme.Acme;
import dev.fanfare.app.App;
import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.AppChanges;
import dev.fanfare.app.AppStore;
import dev.fanfare.app.Apps;
import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Ledger;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.channel.ChangeListener;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.ObservedChanges;
import dev.fanfare.channel.PresenceLogs;
import dev.fanfare.channel.SharedChanges;
import dev.fanfare.channel.Tracing;
import dev.fanfare.cluster.loop.Cluster;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.console.ConsoleParts;
import dev.fanfare.console.ConsolePartsBuilder;
import dev.fanfare.console.ConsoleServer;
import dev.fanfare.history.HistoryStore;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.disk.DiskStore;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.http.Router;
import dev.fanfare.http.once.LocalKeys;
import dev.fanfare.http.once.SharedKeys;
import dev.fanfare.http.operator.Operators;
import dev.fanfare.metrics.MetricsServer;
import dev.fanfare.metrics.Sources;
import dev.fanfare.metrics.SourcesBuilder;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.session.Users;
import dev.fanfare.sql.StoredApps;
import dev.fanfare.telemetry.Spans;
import dev.fanfare.telemetry.TelemetryOptions;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.server.NettyServer;
import dev.fanfare.transport.tls.Tls;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.outbox.Outbox;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everything outside the connections: apps, the other nodes, and the receivers of what happens.
///
/// @param apps those in memory
/// @param stored reads them from a database; null if the configuration has them
/// @param spans follows publishes of traces; null if these are sent nowhere
/// @param catalog where operators list and change apps; contains null until the server is given it
@RecordBuilder
record Outside(
    CurrentApps apps,
    @Nullable StoredApps stored,
    AtomicReference<@Nullable AppCatalog> catalog,
    Operators operators,
    Bus bus,
    ServerListener listener,
    Webhooks webhooks,
    Outbox outbox,
    MetricsServer metrics,
    ConsoleServer console,
    @Nullable Spans spans,
    Ledger ledger,
    DiskStore history,
    @Nullable SharedStore shared,
    @Nullable RequestKeys requestKeys,
    ClusterOptions cluster,
    Acme acme,
    WarmUp warmUp) {

  /// Where an app is looked up that a stranger names.
  Apps lookups() {
    return stored == null ? apps : stored.lookups();
  }

  /// Where operators list and change apps: the database, or else `configured`.
  AppStore store(AppStore configured) {
    return stored == null ? configured : stored.store();
  }

  /// Apps that were read from a database differ from node to node.
  private long configHash() {
    return BusStart.hash(stored == null ? apps.known() : List.of());
  }

  /// Follows the database, if apps are in one.
  ///
  /// @param reload replaces the apps in memory
  void follow(Consumer<List<App>> reload, Core core) {
    if (stored != null) {
      core.readiness().vitals().add(stored.vital());
      stored.start(new DatabaseLinks(reload, core, outbox, webhooks));
    }
  }

  /// The sink for decisions about channels.
  Changes changes() {
    List<ChangeListener> listeners =
        new ArrayList<>(List.of(new ObservedChanges(listener), webhooks));
    listeners.addAll(console.changes());
    Changes here = new Changes(listeners);
    return bus instanceof LocalBus ? here : here.and(new SharedChanges(bus));
  }

  /// Keeps the events of channels.
  HistoryStore store() {
    return shared == null ? history : shared;
  }

  private boolean isHistoryShared() {
    return shared != null && apps.known().stream().anyMatch(app -> !app.history().isEmpty());
  }

  /// Connects to the store of all nodes once a rule needs it.
  private void share(Core core) {
    if (shared != null && isHistoryShared()) {
      shared.start(new StoreLinks(apps, core.channels(), bus), core.readiness());
    }
  }

  /// What gauges are read from.
  Sources sources(NettyServer netty, Core core) {
    return SourcesBuilder.builder()
        .apps(apps)
        .lanes(core.lanes())
        .channels(core.channels())
        .history(history)
        .shared(shared)
        .sessions(core.sessions())
        .readiness(core.readiness())
        .shedding(core.shedding())
        .reloads(core.reloads())
        .outbox(outbox)
        .webhooks(webhooks)
        .ledger(ledger)
        .port(netty.port())
        .version(Version.number())
        .lostRows(console::lostRows)
        .sentSpans(() -> spans == null ? 0 : spans.sent())
        .lostSpans(() -> spans == null ? 0 : spans.lost())
        .certificateExpiry(() -> netty.certificates().expirySeconds())
        .tlsEngine(() -> engineName(netty))
        .cluster(clusterState())
        .directory(stored == null ? null : stored::state)
        .overHttp(netty::forEachOverHttp)
        .certificateOrders(acme::orders)
        .build();
  }

  private static String engineName(NettyServer netty) {
    Tls.Choice choice = netty.tlsEngine();
    return choice == null ? "" : choice.engine().name().toLowerCase(Locale.ROOT);
  }

  /// Sends spans from now on, if that is configured.
  static @Nullable Spans spans(PartOptions options, FanfareServer.Clocks clocks) {
    TelemetryOptions telemetry = options.telemetry();
    return telemetry.tracesUrl().isEmpty()
        ? null
        : Spans.start(telemetry, Version.number(), clocks.wall(), clocks.monotonic());
  }

  /// What follows the deliveries of publishes; null if nothing does.
  ///
  /// @param lanes how many there are
  @Nullable Tracing tracing(int lanes) {
    Tracing shown = console.tracing(lanes);
    return spans == null ? shown : spans.tracing(shown);
  }

  /// What the console reads and uses.
  ConsoleParts consoleParts(
      Core core, FanfareServer.Clocks clocks, Router router, ServerOptions options) {
    Cluster joined = joined();
    return ConsolePartsBuilder.builder()
        .apps(apps)
        .catalog(catalog::get)
        .channels(core.channels())
        .sessions(core.sessions())
        .users(new Users(core.watchlists(), core.bus()))
        .router(router)
        .clients((peer, hops) -> Remote.of(peer).behind(options.trustedProxies(), hops).host())
        .protocols(options.tls().protocols().stream().map(Object::toString).toList())
        .outbox(outbox)
        .lanes(core.lanes())
        .readiness(core.readiness())
        .clock(clocks.monotonic())
        .wall(clocks.wall())
        .bus(core.bus())
        .node(joined == null ? "" : joined.name())
        .nodes(life -> joined == null ? "" : joined.nameOf(life))
        .version(Version.number())
        .build();
  }

  /// The certificate of the console; null without one. It never uses one that is ordered: those are
  /// for public names, and may come later.
  Supplier<@Nullable Credentials> consoleCertificate(NettyServer netty) {
    return acme.isOn() ? () -> null : netty.certificates()::current;
  }

  /// The keys of all nodes; null if they share none.
  @Nullable SharedKeys sharedKeys(LocalKeys here, FanfareServer.Clocks clocks) {
    return requestKeys == null
        ? null
        : new SharedKeys(here, requestKeys, clocks.monotonic(), listener);
  }

  /// The endpoints of all apps, each of which may need an open file.
  int webhookEndpoints() {
    return apps.known().stream().mapToInt(app -> app.webhooks().size()).sum();
  }

  /// Opens the files of history, and joins the other nodes, if there are any. Throws if their
  /// engine can never keep what the rules ask for.
  void join(Core core) throws IOException {
    if (shared == null) {
      history.open(apps.known());
      history.restore(apps.known(), channel -> reopen(core, channel));
    }
    if (isHistoryShared()) {
      BusStart.checkHistory(cluster.engine());
    }
    share(core);
    webhooks.join(core.channels());
    history.watch(core.readiness().vitals());
    Cluster cluster = joined();
    if (cluster != null) {
      cluster.start(
          core.readiness(),
          new OwnFacts(core.channels(), core.sessions(), core.watchlists(), webhooks, bus));
    }
  }

  private void reopen(Core core, ChannelKey key) {
    boolean isPresence = PresenceEvents.isLog(key.channel());
    String channel = isPresence ? PresenceEvents.channel(key.channel()) : key.channel();
    if (apps.byId(key.appId()) instanceof LiveApp app
        && ChannelName.parse(channel, Integer.MAX_VALUE)
            instanceof Parsed.Ok<ChannelName>(ChannelName name)) {
      if (isPresence) {
        PresenceLogs.reopen(core.channels(), app, name);
      } else {
        core.channels().reopen(app, name);
      }
    }
  }

  /// Lets the other nodes know of changed apps.
  void appsChanged(AppChanges changes, Core core) {
    console.appsChanged();
    share(core);
    Cluster cluster = joined();
    if (cluster != null) {
      cluster.appsChanged(
          configHash(), apps.known().stream().map(App::id).toList(), changes.added());
    }
  }

  /// Ends the warm-up, and lets the other nodes know that this one is shutting down.
  void drain() {
    warmUp.stop();
    Cluster cluster = joined();
    if (cluster != null) {
      cluster.drain();
    }
  }

  /// The newest state of the cluster; null if this node has no others.
  ClusterState.@Nullable Source clusterState() {
    Cluster cluster = joined();
    return cluster == null ? null : cluster::state;
  }

  /// A node without others does not even load the class.
  private @Nullable Cluster joined() {
    return !(bus instanceof LocalBus) && bus instanceof Cluster cluster ? cluster : null;
  }

  void close() {
    warmUp.close();
    acme.close();
    if (stored != null) {
      stored.close();
    }
    history.close(); // first: what it has in memory must be in a file before a patience is over
    webhooks.close(); // before the farewell: other nodes take over what is not delivered
    bus.close();
    if (shared != null) {
      shared.close();
    }
    if (requestKeys != null) {
      requestKeys.close();
    }
    outbox.close();
    metrics.close();
    console.close();
    if (spans != null) {
      spans.close();
    }
  }
}
