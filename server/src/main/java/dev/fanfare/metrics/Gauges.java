package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.history.Departed;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.disk.DiskStore;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.observe.Reloads;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.webhook.outbox.Outbox;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// Current values, read at each scrape. Any thread that may block, because the outbox may block.
///
/// Micrometer refers to this object weakly, so its creator must keep it.
final class Gauges {

  private final MeterRegistry registry;
  private final Sources sources;
  private final LaneMeters lanes;

  /// All apps since the start; the gauges of removed apps are 0.
  private final ConcurrentMap<String, AppGauges> apps = new ConcurrentHashMap<>();

  private final Metrics metrics;
  private final MultiGauge pendingWebhooks;
  private final FallbackMeters overHttp;

  /// Null if there are no other nodes.
  private @Nullable ClusterMeters cluster;

  Gauges(MeterRegistry registry, Sources sources, LaneMeters lanes, Metrics metrics) {
    this.registry = registry;
    this.sources = sources;
    this.lanes = lanes;
    this.metrics = metrics;
    this.overHttp = new FallbackMeters(sources.overHttp());
    this.pendingWebhooks =
        MultiGauge.builder("fanfare.webhook.events.pending")
            .description("Events accepted and neither delivered nor given up")
            .register(registry);
  }

  /// Called before each scrape; registers new apps.
  void refresh() {
    for (App app : sources.apps().known()) {
      apps.computeIfAbsent(app.id(), _ -> register(app));
    }
    pendingWebhooks.register(pendingRows(), true);
    overHttp.refresh();
  }

  /// One row for each endpoint that is configured or still has pending events.
  private List<MultiGauge.Row<?>> pendingRows() {
    Map<Tags, Integer> counts = new HashMap<>();
    for (App app : sources.apps().known()) {
      app.webhooks().forEach(endpoint -> counts.put(tags(app.id(), endpoint.id()), 0));
    }
    sources
        .outbox()
        .pendingByTarget()
        .forEach((target, count) ->
            counts.merge(tags(target.appId(), target.endpoint()), count, Integer::sum));
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    counts.forEach((tags, count) -> rows.add(MultiGauge.Row.of(tags, count)));
    return rows;
  }

  private Tags tags(String appId, String url) {
    return Tags.of("app", appId, "endpoint", metrics.endpointLabel(appId, url));
  }

  private AppGauges register(App app) {
    AppGauges gauges = new AppGauges(app, sources);
    gauges.register(registry);
    overHttp.registerApp(registry, app.id());
    lanes.registerApp(app.id());
    return gauges;
  }

  void register() {
    lanes.registerLanes();
    lanes.registerApp(LaneTally.NO_APP);
    readiness();
    if (sources.cluster() != null) {
      cluster = new ClusterMeters(registry, sources.cluster(), sources.webhooks());
      cluster.register();
    }
    if (sources.directory() != null) {
      DirectoryMeters.register(registry, sources.directory());
    }
    shedding();
    webhooks();
    reloads();
    history();
    FunctionCounter.builder("fanfare.console.rows.lost", sources, s -> s.lostRows().getAsLong())
        .description("What the console did not show because too much happened at once")
        .register(registry);
    FunctionCounter.builder("fanfare.spans.sent", sources, s -> s.sentSpans().getAsLong())
        .description("Spans of publishes that the receiver of traces has accepted")
        .register(registry);
    FunctionCounter.builder("fanfare.spans.lost", sources, s -> s.lostSpans().getAsLong())
        .description("Spans of publishes that were given up: too many, or refused")
        .register(registry);
    Gauge.builder(
            "fanfare.tls.certificate.expiry.timestamp.seconds",
            sources.certificateExpiry(),
            DoubleSupplier::getAsDouble)
        .description("Expiry of the certificate in use, since the epoch")
        .register(registry);
    for (String engine : List.of("jdk", "openssl")) {
      Gauge.builder("fanfare.tls.engine", sources, s -> s.tlsEngine().get().equals(engine) ? 1 : 0)
          .description("1 if new TLS connections use this engine")
          .tag("engine", engine)
          .register(registry);
    }
    CertificateMeters.register(registry, sources.certificateOrders());
    Gauge.builder("fanfare.build.info", () -> 1)
        .description("Always 1; the label is the version")
        .tag("version", sources.version())
        .register(registry);
  }

  private void readiness() {
    Readiness readiness = sources.readiness();
    Gauge.builder("fanfare.ready", readiness, r -> r.reasons().isEmpty() ? 1 : 0)
        .description("1 if the server is ready for new connections")
        .register(registry);
    Gauge.builder("fanfare.draining", readiness, r -> r.isAgainst(Cause.SHUTDOWN) ? 1 : 0)
        .description("1 during shutdown")
        .register(registry);
    for (Cause cause : Cause.values()) {
      Gauge.builder("fanfare.unready", readiness, r -> r.isAgainst(cause) ? 1 : 0)
          .description("1 if this is a cause for not being ready")
          .tag("cause", cause.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private void shedding() {
    Shedding shedding = sources.shedding();
    Gauge.builder("fanfare.shedding.level", shedding, s -> s.level().number())
        .description(
            "What is refused: 0 nothing, 1 new connections, 2 subscriptions too, 3 publishes too")
        .register(registry);
    for (Level from : List.of(Level.SUBSCRIPTIONS, Level.PUBLISHES)) {
      FunctionCounter.builder("fanfare.shed", shedding, s -> s.refused(from))
          .description("Refused because the server was overloaded")
          .tag("kind", from.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private static double durable(Outbox outbox) {
    if (!outbox.isOnDisk()) {
      return Double.NaN;
    }
    return outbox.isDurable() ? 1 : 0;
  }

  private static double durable(DiskStore disk) {
    Boolean isDurable = disk.isDurable();
    if (isDurable == null) {
      return Double.NaN;
    }
    return isDurable ? 1 : 0;
  }

  private void reloads() {
    Reloads reloads = sources.reloads();
    Gauge.builder("fanfare.reload.successful", reloads, r -> r.isLastGood() ? 1 : 0)
        .description("1 if the last reload of the configuration succeeded, or if there was none")
        .register(registry);
    Gauge.builder("fanfare.reload.timestamp.seconds", reloads, Reloads::appliedSeconds)
        .description("When the current configuration was applied, since the epoch")
        .register(registry);
  }

  private void history() {
    DiskStore disk = sources.history();
    MemoryStore history = disk.memory();
    FunctionCounter.builder("fanfare.history.events", history, MemoryStore::kept)
        .description("Events that channels have kept under a rule for history")
        .register(registry);
    FunctionCounter.builder("fanfare.history.evicted", history, MemoryStore::evicted)
        .description("Kept events that were dropped early because the memory was used up")
        .register(registry);
    FunctionCounter.builder("fanfare.history.purged", history, MemoryStore::purged)
        .description("Kept events that were purged over the HTTP API")
        .register(registry);
    Gauge.builder("fanfare.history.disk.bytes", disk, DiskStore::diskBytes)
        .description("Bytes of the files of history")
        .register(registry);
    Gauge.builder("fanfare.history.durable", disk, Gauges::durable)
        .description("1 if history is written to the disk; absent if no rule asks for it")
        .register(registry);
    @Nullable SharedStore shared = sources.shared();
    FunctionCounter.builder(
            "fanfare.history.unwritten",
            disk,
            it -> it.lost() + (shared == null ? 0 : shared.dropped()))
        .description("Events and positions that could not be written")
        .register(registry);
    FunctionCounter.builder("fanfare.history.reads", disk, DiskStore::reads)
        .description("Events and positions that were read from the files of history")
        .register(registry);
    Gauge.builder(
            "fanfare.history.positions.unwritten", () -> shared == null ? 0 : shared.unwritten())
        .description(
            "Positions in mailboxes, joins and leaves that wait for the store of the cluster")
        .register(registry);
    Gauge.builder("fanfare.history.unanswered", () -> shared == null ? 0 : shared.unanswered())
        .description("Publishes that wait for the store of the cluster")
        .register(registry);
    Gauge.builder("fanfare.history.losses", () -> shared == null ? 0 : shared.losses())
        .description("Channels of which the store must still learn that events were not kept")
        .register(registry);
    Departed departed = history.departed();
    Gauge.builder("fanfare.history.positions", departed, Departed::waiting)
        .description("Subscriptions whose connection ended and that may be resumed")
        .register(registry);
    FunctionCounter.builder("fanfare.history.positions.forgotten", departed, Departed::forgotten)
        .description("Subscriptions that may no longer be resumed because there were too many")
        .register(registry);
  }

  private void webhooks() {
    Outbox outbox = sources.outbox();
    Gauge.builder("fanfare.webhook.dead.letters", outbox, o -> o.counts().deadLetters())
        .description("Undelivered events that are kept, of all apps")
        .register(registry);
    Gauge.builder("fanfare.webhook.durable", outbox, Gauges::durable)
        .description("1 if pending webhooks are on disk, 0 if that fails, NaN if not configured")
        .register(registry);
    FunctionCounter.builder("fanfare.webhook.outbox.damages", outbox, o -> o.losses().damages())
        .description("How often the file of webhooks was found damaged, missing or replaced")
        .register(registry);
    FunctionCounter.builder("fanfare.webhook.outbox.lost", outbox, o -> o.losses().records())
        .description("Pending webhooks and dead letters that are known to be lost by damage")
        .register(registry);
  }
}
