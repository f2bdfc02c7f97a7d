package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.channel.ChannelKind;
import dev.fanfare.channel.Population;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/// The gauges of one app, which read what the registries count themselves. Any thread.
final class AppGauges {

  private final App app;
  private final Sources sources;
  private final Population population;

  AppGauges(App app, Sources sources) {
    this.app = app;
    this.sources = sources;
    this.population = sources.channels().population(app);
  }

  void register(MeterRegistry registry) {
    Tags tags = Tags.of("app", app.id());
    gauge("connections", "Established connections", AppGauges::connections)
        .tags(tags)
        .register(registry);
    gauge(
            "presence.members",
            "Distinct users of each presence channel",
            g -> g.population.members())
        .tags(tags)
        .register(registry);
    for (ChannelKind kind : ChannelKind.values()) {
      register(registry, kind, false);
      if (kind != ChannelKind.USER) {
        register(registry, kind, true);
      }
    }
  }

  private void register(MeterRegistry registry, ChannelKind kind, boolean isCached) {
    Tags tags = Tags.of("app", app.id(), "kind", kind.label(), "cached", String.valueOf(isCached));
    gauge("channels", "Channels with subscribers", g -> g.population.channels(kind, isCached))
        .tags(tags)
        .register(registry);
    gauge("subscriptions", "Subscriptions", g -> g.population.subscriptions(kind, isCached))
        .tags(tags)
        .register(registry);
  }

  private Gauge.Builder<AppGauges> gauge(
      String name, String description, ToDoubleFunction<AppGauges> value) {
    return Gauge.builder("fanfare." + name, this, value).description(description);
  }

  private double connections() {
    return sources.sessions().count(app);
  }
}
