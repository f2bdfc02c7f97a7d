package dev.fanfare.telemetry;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// The thread `fanfare-spans`: once a second, sends the spans of publishes that are over. What a
/// receiver does not accept because it is away or busy is sent again.
final class Exporter implements AutoCloseable {

  private static final Logger log = Component.METRICS.logger();

  private static final long PAUSE_MS = 1_000;
  private static final int TIMEOUT_MS = 5_000;
  private static final int CLOSING_TIMEOUT_MS = 1_000;
  private static final Duration CLOSE = Duration.ofSeconds(3);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  /// A publish whose lanes are not done after so long is sent as it is.
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

  /// Spans of one request.
  private static final int MAX_BATCH = 1_000;

  private static final int MAX_ANSWER_BYTES = 65_536;

  private static final List<Integer> TRY_AGAIN = List.of(429, 502, 503, 504);

  private final Spans spans;
  private final String url;
  private final String version;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("fanfare-spans").unstarted(this::run);

  // Confined to the thread.
  private final Deque<Publish> waiting = new ArrayDeque<>();
  private boolean hasFailed;
  private long failedNs;

  Exporter(Spans spans, String url, String version, Clock clock) {
    this.spans = spans;
    this.url = url;
    this.version = version;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean isOpen = true;
    while (isOpen) {
      try {
        isOpen = !closing.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        export(isOpen ? TIMEOUT_MS : CLOSING_TIMEOUT_MS);
      } catch (InterruptedException e) {
        isOpen = false;
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        log.error("sending spans failed", e);
      }
    }
    waiting.forEach(publish -> spans.release(publish.size(), false));
  }

  /// Sends what is over, until the receiver does not accept it.
  void export(int timeoutMs) {
    for (Publish next = spans.poll(); next != null; next = spans.poll()) {
      waiting.add(next);
    }
    List<Publish> batch = batch();
    while (!batch.isEmpty()) {
      if (!trySend(batch, timeoutMs)) {
        batch.reversed().forEach(waiting::addFirst);
        return;
      }
      batch = batch();
    }
  }

  /// Takes the oldest that are over.
  private List<Publish> batch() {
    List<Publish> batch = new ArrayList<>();
    long nowNs = clock.nowNs();
    int size = 0;
    Iterator<Publish> all = waiting.iterator();
    while (all.hasNext() && size < MAX_BATCH) {
      Publish publish = all.next();
      if (publish.isOver() || nowNs - publish.endedNs() > PATIENCE_NS) {
        batch.add(publish);
        size += publish.size();
        all.remove();
      }
    }
    return batch;
  }

  /// Returns false if it must be sent again.
  private boolean trySend(List<Publish> batch, int timeoutMs) {
    String problem;
    boolean mayRepeat = true;
    try {
      int status = post(OtlpJson.request(batch, version), timeoutMs);
      mayRepeat = TRY_AGAIN.contains(status);
      problem = status / 100 == 2 ? "" : "answered " + status;
    } catch (IOException e) {
      problem = e.toString();
    }
    if (!problem.isEmpty()) {
      report(problem);
    } else if (hasFailed) {
      hasFailed = false;
      log.info("traces are sent to otlp_traces_url again");
    }
    if (!problem.isEmpty() && mayRepeat) {
      return false;
    }
    int size = batch.stream().mapToInt(Publish::size).sum();
    spans.release(size, problem.isEmpty());
    return true;
  }

  private void report(String problem) {
    long nowNs = clock.nowNs();
    if (!hasFailed || nowNs - failedNs > LOG_NS) {
      log.warn("cannot send traces to otlp_traces_url: {}", problem);
      failedNs = nowNs;
    }
    hasFailed = true;
  }

  private int post(byte[] body, int timeoutMs) throws IOException {
    HttpURLConnection connection;
    try {
      connection = (HttpURLConnection) new URI(url).toURL().openConnection();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    connection.setConnectTimeout(timeoutMs);
    connection.setReadTimeout(timeoutMs);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("User-Agent", "fanfare/" + version);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    if (answer != null) { // read, so that the connection can be used again
      try (answer) {
        var _ = answer.readNBytes(MAX_ANSWER_BYTES);
      }
    }
    return status;
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      boolean _ = thread.join(CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
