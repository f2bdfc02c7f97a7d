package dev.fanfare.metrics;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.webhook.Outbox;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;

/// What there is now, read when somebody asks. Any thread that may block, for the outbox is asked.
///
/// Micrometer does not keep what it reads from: whoever registers this holds on to it.
final class Gauges {

  private final List<AppGauges> apps;
  private final Sources sources;
  private final LaneMeters lanes;

  Gauges(Sources sources, LaneMeters lanes) {
    this.lanes = lanes;
    this.sources = sources;
    this.apps = sources.apps().all().stream().map(app -> new AppGauges(app, sources)).toList();
  }

  /// To be called before every look at the gauges.
  void refresh() {
    apps.forEach(AppGauges::refresh);
  }

  void register(MeterRegistry registry) {
    lanes.registerLanes();
    lanes.registerApp(LaneTally.NO_APP);
    sources.apps().all().forEach(app -> lanes.registerApp(app.id()));
    apps.forEach(app -> app.register(registry));
    readiness(registry);
    webhooks(registry);
    Gauge.builder("fanfare.build.info", () -> 1)
        .description("Always 1; the label has the version")
        .tag("version", sources.version())
        .register(registry);
  }

  private void readiness(MeterRegistry registry) {
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

  private void webhooks(MeterRegistry registry) {
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
