package dev.fanfare.metrics;

import dev.fanfare.app.Apps;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The metrics of one server: counts from the start, and exposes the counters once it is opened.
/// Does neither if metrics are disabled. Opened and closed by one thread.
public final class MetricsServer implements AutoCloseable {

  private final MetricsOptions options;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final @Nullable Metrics metrics;
  private final List<Runnable> closers = new ArrayList<>();

  private @Nullable MetricsPort port;

  public MetricsServer(MetricsOptions options, Apps apps) {
    this.options = options;
    ProcessMeters.filter(registry);
    this.metrics = options.enabled() ? new Metrics(registry, apps) : null;
  }

  /// The listener that counts.
  public ServerListener listener() {
    return metrics == null ? ServerListener.NONE : metrics;
  }

  /// Opens the port.
  ///
  /// @param clock for the time that clients have
  /// @throws IOException with the reason in the message if it cannot listen
  public void open(Sources sources, NanoClock clock) throws IOException {
    if (metrics == null) {
      return;
    }
    ProcessMeters process = new ProcessMeters();
    closers.add(process::close);
    process.register(registry);
    LaneMeters lanes = new LaneMeters(registry, sources.lanes());
    Gauges gauges = new Gauges(registry, sources, lanes, metrics);
    gauges.register();
    LedgerMeters.register(registry, sources.ledger());
    registry.getPrometheusRegistry().register(new DeliveryLatency(sources.lanes()));
    if (options.names().includesSoketi()) {
      registry.getPrometheusRegistry().register(new SoketiMetrics(metrics, lanes, sources));
    }
    Runnable refresh =
        () -> {
          metrics.refresh();
          gauges.refresh();
        };
    Page page = new Page(registry.getPrometheusRegistry(), options.names()::includes, refresh);
    MetricsPort opened = MetricsPort.open(options, page, clock);
    closers.add(opened::close);
    port = opened;
    sources.readiness().vitals().add(opened.vital());
  }

  /// The port that is listened on; 0 if none.
  public int port() {
    MetricsPort open = port;
    return open == null ? 0 : open.port();
  }

  @Override
  public void close() {
    closers.reversed().forEach(Runnable::run);
    closers.clear();
    registry.close();
  }
}
