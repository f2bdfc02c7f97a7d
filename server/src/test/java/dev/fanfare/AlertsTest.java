package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.testing.Packages;
import dev.fanfare.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each alert of a cluster fires when its runbook says so, evaluated by Prometheus.
final class AlertsTest {

  private static final Path CASES = Path.of("src/test/resources/cluster-alerts.yml");
  private static final Pattern CLUSTER_ALERT =
      Pattern.compile("alert: (\\w+)\\n +expr: .*fanfare_(?:bus|cluster)_");

  @TempDir private Path folder;

  private static String alerts() throws IOException {
    return Files.readString(Path.of("../docker/alerts.yml"));
  }

  private static String promtool() throws IOException {
    Path installed = Path.of("/usr/bin/promtool");
    return Files.isExecutable(installed)
        ? installed.toString()
        : Packages.unpacked("prometheus").resolve("usr/bin/promtool").toString();
  }

  private String evaluate(String alerts) throws IOException {
    Files.writeString(folder.resolve("alerts.yml"), alerts);
    Path cases = Files.copy(CASES, folder.resolve("cases.yml"));
    try {
      return Programs.run(promtool(), "test", "rules", cases.toString());
    } finally {
      Files.delete(cases);
    }
  }

  @Test
  void eachAlertFiresWhenItShould() throws IOException {
    assertThat(evaluate(alerts())).contains("SUCCESS");
  }

  @Test
  void noAlertOfAClusterIsLeftOut() throws IOException {
    String cases = Files.readString(CASES);
    assertThat(CLUSTER_ALERT.matcher(alerts()).results().map(match -> match.group(1)))
        .hasSizeGreaterThan(4)
        .allSatisfy(alert -> assertThat(cases).contains("- alertname: " + alert + "\n"));
  }

  @Test
  void anAlertThatComesTooLateIsNoticed() throws IOException {
    String late = alerts().replaceFirst("(fanfare_bus_hearing == 0\\n +for:) 30s", "$1 3m");
    assertThat(late).isNotEqualTo(alerts());
    assertThatThrownBy(() -> evaluate(late)).hasMessageContaining("FanfareBusSilent");
  }
}
