package dev.fanfare.loadtest.abuse;

import java.io.IOException;

/// Asks for `/live` and `/ready` in turn, over a new connection each time, as load balancers do.
final class HealthProbe implements Bystander {

  private static final long INTERVAL_NS = 100_000_000L;
  private static final int OK = 200;

  private final Scene scene;
  private volatile Answer ready = new Answer(System.nanoTime(), "not asked yet");

  HealthProbe(Scene scene) {
    this.scene = scene;
  }

  @Override
  public String failure() {
    return "a health probe was not answered";
  }

  @Override
  public void live() throws IOException {
    while (!scene.isStopped()) {
      int live = probe("/live").status();
      if (live != OK) {
        scene.troubles.add("/live was not OK", "HTTP " + live);
      }
      scene.pause(INTERVAL_NS);
      long startNs = System.nanoTime();
      HttpClient.Response answer = probe("/ready");
      boolean isReady = answer.status() == OK;
      ready = new Answer(startNs, isReady ? "" : answer.body().strip().replace('\n', ' '));
      scene.pause(INTERVAL_NS);
    }
  }

  /// The last answer of `/ready`.
  Answer ready() {
    return ready;
  }

  /// @param startNs when the server was asked
  /// @param reasons why it is not ready, empty if it is
  record Answer(long startNs, String reasons) {}

  private HttpClient.Response probe(String path) throws IOException {
    long startNs = System.nanoTime();
    HttpClient.Response answer = HttpClient.get(scene.target, path);
    scene.record(scene.health, startNs, System.nanoTime());
    return answer;
  }
}
