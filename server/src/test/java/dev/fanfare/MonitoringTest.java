package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The example in `docker/`: its dashboard and its alerts query metrics that exist, every alert has
/// a runbook, every panel says what it shows, and its services have no more rights than they need.
final class MonitoringTest {

  private static final Path DOCKER = Path.of("../docker");

  private static final Pattern METRIC =
      Pattern.compile("\\b(?:fanfare|jvm|process|system)_[a-z0-9_]+");
  private static final Pattern EXPRESSION = Pattern.compile("\\bexpr\"?: (.+)");
  private static final Pattern PART_OF_A_HISTOGRAM = Pattern.compile("_(?:bucket|count|sum)$");

  @Test
  void theDashboardQueriesMetricsThatExist() throws IOException {
    assertThat(queried("grafana/fanfare.json")).hasSizeGreaterThan(30).isSubsetOf(documented());
  }

  @Test
  void alertsQueryMetricsThatExist() throws IOException {
    assertThat(queried("alerts.yml")).hasSizeGreaterThan(10).isSubsetOf(documented());
  }

  /// Fails if there is none.
  private static Map<?, ?> child(Map<?, ?> parent, String key) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(key), key);
  }

  @Test
  void everyAlertHasARunbook() throws IOException {
    Path page = Path.of("../docs/runbooks.md");
    List<String> sections =
        Files.readAllLines(page).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring("## ".length()))
            .toList();
    List<Map<?, ?>> alerts = new ArrayList<>();
    for (Object group : list(map(DOCKER.resolve("alerts.yml")).get("groups"))) {
      list(((Map<?, ?>) group).get("rules")).forEach(rule -> alerts.add((Map<?, ?>) rule));
    }
    assertThat(alerts).extracting(alert -> alert.get("alert")).isEqualTo(sections);
    for (Map<?, ?> alert : alerts) {
      String name = String.valueOf(alert.get("alert"));
      assertThat(child(alert, "annotations").get("runbook_url"))
          .as(name)
          .isEqualTo("docs/runbooks.md#" + name.toLowerCase(Locale.ROOT));
    }
  }

  /// Symptom, metric, severity and first action of each alert, in their order.
  @Test
  void theTableOfRunbooksHasEveryAlert() throws IOException {
    List<MatchResult> rows =
        Pattern.compile(
                "(?m)^\\| \\[(\\w+)\\]\\(#\\w+\\) \\| .+ \\| `(\\w+)` \\| (\\w+) \\| .+ \\|$")
            .matcher(Files.readString(Path.of("../docs/runbooks.md")))
            .results()
            .toList();
    List<String> alerts =
        Pattern.compile(
                "alert: (\\w+)\\n +expr: (.+)\\n(?: +for: .+\\n)? +labels: \\{severity: (\\w+)")
            .matcher(Files.readString(DOCKER.resolve("alerts.yml")))
            .results()
            .map(alert -> alert.group(1) + " " + alert.group(3) + ": " + alert.group(2))
            .toList();
    assertThat(rows).hasSameSizeAs(alerts).hasSizeGreaterThan(20);
    for (int i = 0; i < rows.size(); i++) {
      MatchResult row = rows.get(i);
      assertThat(alerts.get(i))
          .startsWith(row.group(1) + " " + row.group(3) + ": ")
          .contains(row.group(2));
    }
  }

  @Test
  void everyPanelSaysWhatItShowsAndInWhichUnit() throws IOException {
    List<Map<?, ?>> panels = panels();
    assertThat(panels).hasSizeGreaterThan(30);
    for (Map<?, ?> panel : panels) {
      Map<?, ?> defaults = child(child(panel, "fieldConfig"), "defaults");
      Map<?, ?> thresholds = child(defaults, "thresholds");
      String title = String.valueOf(panel.get("title"));
      assertThat(String.valueOf(panel.get("description"))).as(title).matches("[A-Z0-9].{20,}\\.");
      assertThat(String.valueOf(defaults.get("unit"))).as(title).matches("[a-zA-Z]+");
      assertThat(list(thresholds.get("steps"))).as(title).isNotEmpty();
    }
    assertThat(panels).extracting(panel -> panel.get("id")).doesNotHaveDuplicates();
    assertThat(panels).extracting(panel -> panel.get("gridPos")).doesNotHaveDuplicates();
  }

  /// A count and a rate have different units, so one axis cannot show both; and a line at zero for
  /// each of dozens of labels hides the others.
  @Test
  void aPanelShowsCountsOrRatesAndHidesZeros() throws IOException {
    for (Map<?, ?> panel : panels()) {
      List<String> expressions =
          list(panel.get("targets")).stream()
              .map(target -> String.valueOf(((Map<?, ?>) target).get("expr")))
              .toList();
      String title = String.valueOf(panel.get("title"));
      assertThat(expressions.stream().map(expression -> expression.contains("rate(")).distinct())
          .as(title)
          .hasSize(1);
      assertThat(expressions)
          .filteredOn(expression -> expression.startsWith("sum by (") && !title.equals("Memory"))
          .as(title)
          .allMatch(expression -> expression.endsWith(" > 0"));
    }
  }

  private static List<Map<?, ?>> panels() throws IOException {
    List<Map<?, ?>> panels = new ArrayList<>();
    for (Object panel : list(map(DOCKER.resolve("grafana/fanfare.json")).get("panels"))) {
      Map<?, ?> fields = (Map<?, ?>) panel;
      if (!String.valueOf(fields.get("type")).equals("row")) {
        panels.add(fields);
      }
    }
    return panels;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static Set<String> queried(String file) throws IOException {
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

  /// The parser does not apply YAML's merge key.
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
