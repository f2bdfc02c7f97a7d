package dev.fanfare.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All numbers as text, in the format that the reader prefers. Any thread.
final class Page {

  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;
  private final Predicate<String> isTold;
  private final Runnable refresh;

  /// @param isTold whether a number with a name is on the page
  /// @param refresh looks at what the numbers are read from
  Page(PrometheusRegistry registry, Predicate<String> isTold, Runnable refresh) {
    this.registry = registry;
    this.isTold = isTold;
    this.refresh = refresh;
  }

  /// What a reader gets.
  @SuppressWarnings("ArrayRecordComponent") // never compared, and written once
  record Text(String contentType, byte[] body) {}

  /// @param accept the request's header, if it has one. Prometheus prefers a binary format there,
  ///   and takes either of ours
  Text write(@Nullable String accept) throws IOException {
    refresh.run();
    ExpositionFormatWriter writer =
        accept != null && accept.contains(OPEN_METRICS)
            ? formats.getOpenMetricsTextFormatWriter()
            : formats.getPrometheusTextFormatWriter();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, registry.scrape(isTold));
    return new Text(writer.getContentType(), out.toByteArray());
  }
}
