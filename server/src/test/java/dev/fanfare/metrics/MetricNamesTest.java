package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.sql.AppDatabase;
import dev.fanfare.sql.DatabaseOptions;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/metrics.md` lists all metrics that a server exposes, and no others.
final class MetricNamesTest {

  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final App APP =
      TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at("http://127.0.0.1:1/hook?token=x")));

  /// A database that does not answer, so that the apps in memory stay.
  private static final AppDatabase AWAY =
      new AppDatabase(
          DatabaseOptions.NONE.withKind(DatabaseOptions.Kind.POSTGRES).withPort(1),
          _ -> new Parsed.Bad<>("no row"));

  private static final Pattern QUOTED = Pattern.compile("`([a-z0-9_]+)`");

  /// One of our metrics, and no variable of nginx, event, cookie, table or stream of a cluster
  /// called house.
  private static final Pattern OURS =
      Pattern.compile(
          "(?<![$:])(?!fanfare_client`|fanfare_apps\\b|fanfare_house(?:_keys)?\\b)fanfare_[a-z_]*[a-z]");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final Set<String> TYPES =
      Set.of("gauge", "counter", "histogram", "summary", "untyped");

  /// A row of the page's tables.
  ///
  /// @param isOptional true for a metric that appears once it has a value
  private record Row(List<String> names, boolean isOptional, String type, String labels) {}

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" \\| ", -1))
        .filter(cells -> TYPES.contains(cells[1]))
        .map(cells -> new Row(quoted(cells[0]), cells[0].endsWith(" *"), cells[1], cells[2]))
        .toList();
  }

  private static List<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map((MatchResult match) -> match.group(1)).toList();
  }

  /// The metrics of a node of a cluster with a database, under both names, after an event for each
  /// of those that appear with the first one.
  private static Scrape everything() throws IOException {
    MetricsOptions options =
        MetricsOptions.DEFAULTS.withNames(MetricsOptions.Names.BOTH).withPort(0);
    try (TestCluster cluster =
            TestCluster.start(
                TestNode.PARTS.withMetrics(options).withDatabase(AWAY),
                FanfareServer.Clocks.SYSTEM,
                1,
                APP);
        Api api = new Api(cluster.node(0));
        RawSocket stranger =
            RawSocket.upgraded(cluster.node(0).port(), "/app/unknown?protocol=7")) {
      stranger.nextClose();
      api.publish("news", "event", "x");
      return Scrape.of(cluster.node(0));
    }
  }

  @Test
  void exposedMetricsAreDocumentedWithTheirTypesAndViceVersa() throws IOException {
    Map<String, String> exposed = new TreeMap<>(everything().types());
    Map<String, String> documented = new TreeMap<>();
    for (Row row : rows()) {
      for (String name : row.names()) {
        if (!row.isOptional() || exposed.containsKey(name)) {
          assertThat(documented.put(name, row.type())).as("%s, twice", name).isNull();
        }
      }
    }
    assertThat(documented).containsExactlyEntriesOf(exposed);
  }

  @Test
  void labelsAreTheDocumentedOnes() throws IOException {
    Map<String, Set<String>> exposed = new TreeMap<>();
    for (String sample : everything().values().keySet()) {
      String name = sample.replaceFirst("\\{.*", "").replaceFirst("_(bucket|count|sum)$", "");
      Set<String> labels = exposed.computeIfAbsent(name, _ -> new TreeSet<>());
      LABEL.matcher(sample).results().map(label -> label.group(1)).forEach(labels::add);
      labels.remove("le");
    }
    for (Row row : rows()) {
      for (String name : row.names()) {
        if (name.startsWith("fanfare_")) {
          assertThat(exposed.get(name))
              .as(name)
              .containsExactlyInAnyOrderElementsOf(quoted(row.labels()));
        }
      }
    }
  }

  @Test
  void noPageMentionsAMetricThatDoesNotExist() throws IOException {
    Set<String> known =
        rows().stream().flatMap(row -> row.names().stream()).collect(Collectors.toSet());
    try (var pages = Files.list(PAGE.getParent())) {
      for (Path page : pages.filter(path -> path.toString().endsWith(".md")).toList()) {
        Set<String> named =
            OURS.matcher(Files.readString(page))
                .results()
                .map(match -> match.group().replaceFirst("_(bucket|count|sum)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        named.remove("fanfare_apps_version"); // a table
        assertThat(known).as(page.toString()).containsAll(named);
      }
    }
  }

  @Test
  void namesHaveTheUnitsOfPrometheus() throws IOException {
    everything()
        .types()
        .forEach((name, type) -> {
          if (name.startsWith("fanfare_")) {
            assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
            assertThat(Arrays.asList(name.split("_")))
                .as(name)
                .doesNotContain("ms", "milliseconds", "kb", "percent");
          }
        });
  }
}
