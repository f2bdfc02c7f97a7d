package dev.fanfare.metrics;

import dev.fanfare.observe.HttpExchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Requests of the HTTP API and their responses. Any thread.
final class HttpMeters {

  /// From 0.1 ms, a typical publish, to what a slow disk may take.
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  /// The labels of a counter.
  private record Outcome(String appId, String route, int status) {}

  /// Requests and bytes of one app.
  private record Volume(LongAdder requests, Counter received, Counter sent) {}

  private final MeterRegistry registry;
  private final ConcurrentMap<Outcome, Counter> outcomes = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Volume> volumes = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Timer> durations = new ConcurrentHashMap<>();

  HttpMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void count(HttpExchange exchange) {
    String appId = exchange.appId();
    Outcome outcome = new Outcome(appId == null ? "" : appId, exchange.route(), exchange.status());
    outcomes.computeIfAbsent(outcome, this::counter).increment();
    Volume volume = volume(outcome.appId);
    volume.requests.increment();
    volume.received.increment(exchange.requestBytes());
    volume.sent.increment(exchange.responseBytes());
    if (exchange.durationNs() != HttpExchange.UNTIMED) {
      durations
          .computeIfAbsent(exchange.route(), this::timer)
          .record(exchange.durationNs(), TimeUnit.NANOSECONDS);
    }
  }

  long requests(String appId) {
    return volume(appId).requests.sum();
  }

  double receivedBytes(String appId) {
    return volume(appId).received.count();
  }

  double sentBytes(String appId) {
    return volume(appId).sent.count();
  }

  private Volume volume(String appId) {
    return volumes.computeIfAbsent(
        appId,
        id ->
            new Volume(
                new LongAdder(),
                bytes("fanfare.http.received", "Bytes of request bodies", id),
                bytes("fanfare.http.sent", "Bytes of response bodies", id)));
  }

  private Counter bytes(String name, String description, String appId) {
    return Counter.builder(name)
        .description(description)
        .baseUnit("bytes")
        .tag("app", appId)
        .register(registry);
  }

  private Counter counter(Outcome outcome) {
    return Counter.builder("fanfare.http.requests")
        .description("Answered requests of the HTTP API; handshakes only if refused over HTTP")
        .tag("app", outcome.appId)
        .tag("route", outcome.route)
        .tag("status", String.valueOf(outcome.status))
        .register(registry);
  }

  private Timer timer(String route) {
    return Timer.builder("fanfare.http.request.duration")
        .description("From the complete request to its response")
        .tag("route", route)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
