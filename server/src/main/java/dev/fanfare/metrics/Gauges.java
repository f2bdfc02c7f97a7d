package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.webhook.Outbox;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.DoubleSupplier;

/// What there is now, read when somebody asks. Any thread that may block, for the outbox is asked.
///
/// Micrometer does not keep what it reads from: whoever registers this holds on to it.
final class Gauges {

  private final MeterRegistry registry;
  private final Sources sources;
  private final LaneMeters lanes;

  /// All apps that there were; those that are gone have nothing.
  private final ConcurrentMap<String, AppGauges> apps = new ConcurrentHashMap<>();

  Gauges(MeterRegistry registry, Sources sources, LaneMeters lanes) {
    this.registry = registry;
    this.sources = sources;
    this.lanes = lanes;
  }

  /// To be called before every look at the gauges; makes those of apps that are new.
  void refresh() {
    for (App app : sources.apps().all()) {
      apps.computeIfAbsent(app.id(), _ -> register(app));
    }
    apps.values().forEach(AppGauges::refresh);
  }

  private AppGauges register(App app) {
    AppGauges gauges = new AppGauges(app, sources);
    gauges.register(registry);
    lanes.registerApp(app.id());
    return gauges;
  }

  void register() {
    lanes.registerLanes();
    lanes.registerApp(LaneTally.NO_APP);
    readiness();
    webhooks();
    Gauge.builder(
            "fanfare.tls.certificate.expiry.timestamp.seconds",
            sources.certificateExpiry(),
            DoubleSupplier::getAsDouble)
        .description("Until when the certificate in use is valid, since the epoch")
        .register(registry);
    Gauge.builder("fanfare.build.info", () -> 1)
        .description("Always 1; the label has the version")
        .tag("version", sources.version())
        .register(registry);
  }

  private void readiness() {
    Readiness readiness = sources.readiness();
    Gauge.builder("fanfare.ready", readiness, r -> r.reasons().isEmpty() ? 1 : 0)
        .description("1 if further connections are wanted")
        .register(registry);
    Gauge.builder("fanfare.draining", readiness, r -> r.isAgainst(Cause.SHUTDOWN) ? 1 : 0)
        .description("1 once the server is about to end")
        .register(registry);
    for (Cause cause : Cause.values()) {
      Gauge.builder("fanfare.unready", readiness, r -> r.isAgainst(cause) ? 1 : 0)
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
