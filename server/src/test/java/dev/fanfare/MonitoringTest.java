package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The example in `docker/`: its dashboard and its alerts ask for metrics that exist, its services
/// can do nothing that they need not.
final class MonitoringTest {

  private static final Path DOCKER = Path.of("../docker");

  private static final Pattern METRIC =
      Pattern.compile("\\b(?:fanfare|jvm|process|system)_[a-z0-9_]+");
  private static final Pattern EXPRESSION = Pattern.compile("\\bexpr\"?: (.+)");
  private static final Pattern PART_OF_A_HISTOGRAM = Pattern.compile("_(?:bucket|count|sum)$");

  @Test
  void theDashboardAsksForMetricsThatExist() throws IOException {
    assertThat(asked("grafana/fanfare.json")).hasSizeGreaterThan(30).isSubsetOf(documented());
  }

  @Test
  void alertsAskForMetricsThatExist() throws IOException {
    assertThat(asked("alerts.yml")).hasSizeGreaterThan(10).isSubsetOf(documented());
  }

  private static Set<String> asked(String file) throws IOException {
    return EXPRESSION
        .matcher(Files.readString(DOCKER.resolve(file)))
        .results()
        .flatMap(expression -> METRIC.matcher(expression.group(1)).results())
        .map(MatchResult::group)
        .map(name -> PART_OF_A_HISTOGRAM.matcher(name).replaceFirst(""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> documented() throws IOException {
    return Pattern.compile("`([a-z0-9_]+)`")
        .matcher(Files.readString(Path.of("../docs/metrics.md")))
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void dashboardAndSourcesAreJsonAndYaml() throws IOException {
    // Every JSON text is a YAML text.
    assertThat(map(DOCKER.resolve("grafana/fanfare.json"))).containsEntry("title", "Fanfare");
    assertThat(map(DOCKER.resolve("grafana/datasource.yml"))).containsKey("datasources");
    assertThat(map(DOCKER.resolve("grafana/dashboards.yml"))).containsKey("providers");
  }

  @Test
  void everyServiceIsHardened() throws IOException {
    Map<?, ?> services = (Map<?, ?>) map(DOCKER.resolve("compose.yaml")).get("services");
    assertThat(services).hasSize(3);
    services.forEach((name, service) ->
        assertThat(merged((Map<?, ?>) service))
            .as("%s", name)
            .extracting("read_only", "cap_drop", "security_opt", "stop_grace_period")
            .containsExactly(true, List.of("ALL"), List.of("no-new-privileges:true"), "30s"));
  }

  /// YAML's merge key is left to whoever reads it.
  private static Map<Object, Object> merged(Map<?, ?> service) {
    Map<Object, Object> merged = new HashMap<>((Map<?, ?>) service.get("<<"));
    merged.putAll(service);
    return merged;
  }

  private static Map<Object, Object> map(Path file) throws IOException {
    LoadSettings settings = LoadSettings.builder().build();
    return new HashMap<>((Map<?, ?>) new Load(settings).loadFromString(Files.readString(file)));
  }
}
