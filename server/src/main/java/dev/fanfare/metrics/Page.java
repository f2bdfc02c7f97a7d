package dev.fanfare.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All metrics as text, in the format that the client prefers. Any thread.
///
/// One rendering at a time: gauges whose labels change are registered again before each one, and a
/// rendering in between would find some of them twice. Requests that wait meanwhile share the next
/// one, so that many of them cost as much as one.
final class Page {

  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;
  private final Predicate<String> isExposed;
  private final Runnable refresh;

  /// Held while a page is rendered. Fair, because a client that repeats its requests must not
  /// overtake others.
  private final ReentrantLock turn = new ReentrantLock(true);

  /// The number of the latest rendering, which may not be finished.
  private volatile long begun;

  /// The latest renderings by content type, while requests wait that may share them. Guarded by
  /// `turn`.
  private final Map<String, Rendering> shared = new HashMap<>();

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

  private record Rendering(long number, Text text) {}

  /// @param accept the request's header, if it has one. Prometheus prefers a binary format, and
  ///   accepts either of ours
  Text write(@Nullable String accept) throws IOException {
    ExpositionFormatWriter writer =
        accept != null && accept.contains(OPEN_METRICS)
            ? formats.getOpenMetricsTextFormatWriter()
            : formats.getPrometheusTextFormatWriter();
    long begunBefore = begun;
    turn.lock();
    try {
      Rendering latest = shared.get(writer.getContentType());
      return latest != null && latest.number > begunBefore ? latest.text : render(writer);
    } finally {
      if (!turn.hasQueuedThreads()) {
        shared.clear();
      }
      turn.unlock();
    }
  }

  private Text render(ExpositionFormatWriter writer) throws IOException {
    long number = begun + 1;
    begun = number;
    refresh.run();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, registry.scrape(isExposed));
    Text text = new Text(writer.getContentType(), out.toByteArray());
    shared.put(text.contentType(), new Rendering(number, text));
    return text;
  }

  /// How many requests wait for a rendering.
  int waiting() {
    return turn.getQueueLength();
  }
}
