package dev.fanfare.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All metrics as text, in the format that the client prefers. Any thread.
final class Page {

  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;
  private final Predicate<String> isExposed;
  private final Runnable refresh;

  /// @param isExposed whether the metric with a name is on the page
  /// @param refresh updates the gauges
  Page(PrometheusRegistry registry, Predicate<String> isExposed, Runnable refresh) {
    this.registry = registry;
    this.isExposed = isExposed;
    this.refresh = refresh;
  }

  /// A rendered page.
  @SuppressWarnings("ArrayRecordComponent") // never compared, and written once
  record Text(String contentType, byte[] body) {}

  /// @param accept the request's header, if it has one. Prometheus prefers a binary format, and
  ///   accepts either of ours
  Text write(@Nullable String accept) throws IOException {
    refresh.run();
    ExpositionFormatWriter writer =
        accept != null && accept.contains(OPEN_METRICS)
            ? formats.getOpenMetricsTextFormatWriter()
            : formats.getPrometheusTextFormatWriter();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, registry.scrape(isExposed));
    return new Text(writer.getContentType(), out.toByteArray());
  }
}
