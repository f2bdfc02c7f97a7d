package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.plan.Target;
import java.io.IOException;

/// Scrapes the metrics, more often than Prometheus would, over a new connection each time.
final class Scraper implements Bystander {

  private static final long INTERVAL_NS = 200_000_000L;
  private static final int OK = 200;

  private final Scene scene;
  private final Target metrics;
  private volatile Scrape latest = new Scrape(System.nanoTime(), MetricsText.EMPTY);

  /// @param metrics host and port of the metrics
  Scraper(Scene scene, Target metrics) {
    this.scene = scene;
    this.metrics = metrics;
  }

  @Override
  public String failure() {
    return "a metrics scrape failed";
  }

  @Override
  public void live() throws IOException {
    while (!scene.isStopped()) {
      long startNs = System.nanoTime();
      HttpClient.Response answer = HttpClient.get(metrics, "/metrics");
      scene.record(scene.scrape, startNs, System.nanoTime());
      if (answer.status() == OK) {
        latest = new Scrape(startNs, new MetricsText(answer.body()));
      } else {
        scene.troubles.add("a metrics scrape was refused", "HTTP " + answer.status());
      }
      scene.pause(INTERVAL_NS);
    }
  }

  Scrape latest() {
    return latest;
  }

  /// @param startNs when it was requested
  record Scrape(long startNs, MetricsText metrics) {}
}
