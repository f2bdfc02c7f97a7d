package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.observe.Traffic.Count;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.function.ToDoubleFunction;

/// The metrics of soketi, with its names and labels, so that its dashboards and alerts need no
/// change. Any thread.
///
/// Four of its counters do not end with `_total`, as counters must in today's formats. Dashboards
/// depend on the names and not on the types, so they have the name and no type.
final class SoketiMetrics implements MultiCollector {

  private final Metrics metrics;
  private final LaneMeters lanes;
  private final Sources sources;

  SoketiMetrics(Metrics metrics, LaneMeters lanes, Sources sources) {
    this.metrics = metrics;
    this.lanes = lanes;
    this.sources = sources;
  }

  @Override
  public MetricSnapshots collect() {
    return new MetricSnapshots(
        gauge("connected", "Open connections", app -> sources.sessions().count(app)),
        counter("new_connections", "Connections established", app -> metrics.opened(app.id())),
        counter("new_disconnections", "Connections closed", app -> metrics.closed(app.id())),
        untyped(
            "socket_received_bytes",
            "Bytes received over WebSockets",
            app -> lanes.sum(app.id(), Count.BYTES_RECEIVED)),
        untyped(
            "socket_transmitted_bytes",
            "Bytes sent over WebSockets",
            app -> lanes.sum(app.id(), Count.BYTES_SENT)),
        counter("ws_messages_received", "Messages from clients", app -> lanes.received(app.id())),
        counter(
            "ws_messages_sent",
            "Messages sent to clients",
            app -> lanes.sum(app.id(), Count.MESSAGES_SENT)),
        untyped(
            "http_received_bytes",
            "Bytes of request bodies",
            app -> metrics.http().receivedBytes(app.id())),
        untyped(
            "http_transmitted_bytes",
            "Bytes of response bodies",
            app -> metrics.http().sentBytes(app.id())),
        counter(
            "http_calls_received",
            "Requests of the API",
            app -> metrics.http().requests(app.id())));
  }

  private MetricSnapshot gauge(String name, String help, ToDoubleFunction<App> value) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name("soketi_" + name).help(help);
    for (App app : sources.apps().known()) {
      double now = value.applyAsDouble(app);
      family.dataPoint(GaugeDataPointSnapshot.builder().labels(labels(app)).value(now).build());
    }
    return family.build();
  }

  private MetricSnapshot counter(String name, String help, ToDoubleFunction<App> value) {
    CounterSnapshot.Builder family = CounterSnapshot.builder().name("soketi_" + name).help(help);
    for (App app : sources.apps().known()) {
      double now = value.applyAsDouble(app);
      family.dataPoint(CounterDataPointSnapshot.builder().labels(labels(app)).value(now).build());
    }
    return family.build();
  }

  private MetricSnapshot untyped(String name, String help, ToDoubleFunction<App> value) {
    UnknownSnapshot.Builder family = UnknownSnapshot.builder().name("soketi_" + name).help(help);
    for (App app : sources.apps().known()) {
      double now = value.applyAsDouble(app);
      family.dataPoint(UnknownDataPointSnapshot.builder().labels(labels(app)).value(now).build());
    }
    return family.build();
  }

  private Labels labels(App app) {
    return Labels.of("app_id", app.id(), "port", String.valueOf(sources.port()));
  }
}
