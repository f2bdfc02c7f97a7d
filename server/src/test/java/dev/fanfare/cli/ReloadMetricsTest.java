package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Whether the last reload was applied, and when, as monitoring sees it.
final class ReloadMetricsTest {

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "FANFARE_APP_ID", TestNode.APP.id(),
              "FANFARE_APP_KEY", TestNode.APP.key(),
              "FANFARE_APP_SECRET", TestNode.APP.secret().reveal()));

  @Test
  void aRejectedReloadIsVisibleUntilTheNextGoodOne() throws IOException {
    ConfigReader reader = new ConfigReader(environment);
    Config started = ((Reading.Good) reader.read(null, Map.of())).config();
    try (TestNode node = TestNode.start(MetricsOptions.DEFAULTS, TestNode.APP)) {
      Reload reload = new Reload(() -> reader.read(null, Map.of()), started, node.server());
      double startedAt = metric(node, "timestamp_seconds");
      assertThat(startedAt).isGreaterThan(1.7e9);
      assertThat(metric(node, "successful")).isEqualTo(1);

      environment.put("FANFARE_PROT", "1");
      reload.run();
      assertThat(metric(node, "successful")).isZero();
      assertThat(metric(node, "timestamp_seconds")).isEqualTo(startedAt);

      environment.remove("FANFARE_PROT");
      reload.run();
      assertThat(metric(node, "successful")).isEqualTo(1);
      assertThat(metric(node, "timestamp_seconds")).isGreaterThan(startedAt);
    }
  }

  private static double metric(TestNode node, String name) throws IOException {
    try (RawHttp http = new RawHttp(node.server().metricsPort())) {
      String page = http.send(RawHttp.request("GET", "/metrics", "")).next().body();
      Matcher line = Pattern.compile("(?m)^fanfare_reload_" + name + " (.+)$").matcher(page);
      assertThat(line.find()).as(page).isTrue();
      return Double.parseDouble(line.group(1));
    }
  }
}
