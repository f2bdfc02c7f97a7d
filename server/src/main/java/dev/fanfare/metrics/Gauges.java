package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.webhook.Outbox;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// What there is now, read when somebody asks. Any thread that may block, for the outbox is asked.
///
/// Micrometer does not keep what it reads from: whoever registers this holds on to it.
final class Gauges {

  private final MeterRegistry registry;
  private final Sources sources;
  private final LaneMeters lanes;

  /// By the id; guarded by this. Those of apps that went stay, so that their counters end as they
  /// were.
  private final Map<String, AppGauges> apps = new HashMap<>();

  Gauges(MeterRegistry registry, Sources sources, LaneMeters lanes) {
    this.registry = registry;
    this.lanes = lanes;
    this.sources = sources;
  }

  /// To be called before every look at the gauges: apps may have come since the one before.
  synchronized void refresh() {
    for (App app : sources.apps().all()) {
      apps.computeIfAbsent(app.id(), _ -> registered(app));
    }
    apps.values().forEach(AppGauges::refresh);
  }

  private AppGauges registered(App app) {
    AppGauges gauges = new AppGauges(app, sources);
    gauges.register(registry);
    lanes.registerApp(app.id());
    return gauges;
  }

  void register() {
    lanes.registerLanes();
    lanes.registerApp(LaneTally.NO_APP);
    refresh();
    readiness();
    webhooks();
    Gauge.builder("fanfare.build.info", () -> 1)
        .description("Always 1; the label has the version")
        .tag("version", sources.version())
        .register(registry);
  }

  private void readiness() {
    Readiness readiness = sources.readiness();
    Gauge.builder("fanfare.ready", readiness, r -> r.refusal() == null ? 1 : 0)
        .description("1 if further connections are wanted")
        .register(registry);
    Gauge.builder("fanfare.draining", readiness, r -> r.isRefused(Cause.SHUTDOWN) ? 1 : 0)
        .description("1 while the server sends its clients away in order to end")
        .register(registry);
    for (Cause cause : Cause.values()) {
      Gauge.builder("fanfare.unready", readiness, r -> r.isRefused(cause) ? 1 : 0)
          .description("1 if this cause speaks against further connections")
          .tag("cause", cause.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private void webhooks() {
    Outbox outbox = sources.outbox();
    Gauge.builder("fanfare.webhook.events.pending", outbox, o -> o.counts().pending())
        .description("Events accepted and neither delivered nor given up, of all apps")
        .register(registry);
    Gauge.builder("fanfare.webhook.dead.letters", outbox, o -> o.counts().deadLetters())
        .description("Events given up and kept to be looked at, of all apps")
        .register(registry);
    Gauge.builder("fanfare.webhook.durable", outbox, o -> o.isDurable() ? 1 : 0)
        .description("1 if what is pending survives the process at this moment")
        .register(registry);
  }
}
