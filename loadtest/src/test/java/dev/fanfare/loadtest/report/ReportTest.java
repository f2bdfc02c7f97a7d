package dev.fanfare.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.plan.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  private static final Map<String, String> ENVIRONMENT = Map.of("cpu", "fast");
  private static final RunResult RESULT =
      RunResultBuilder.builder()
          .scenario("fanout")
          .title("fan-out")
          .server("a</script>b")
          .startedAt("2026-01-02T03:04:05Z")
          .settings(Map.of("size", "128 B"))
          .figures(
              List.of(
                  new Figure(
                      "deliveries_per_second", "deliveries per second", 8_751_234, Unit.PER_SECOND),
                  new Figure(
                      "server_cpu_us_per_delivery",
                      "server CPU",
                      0.1137,
                      Unit.MICROSECONDS,
                      0.1,
                      0.2)))
          .latencies(
              List.of(new Latency("delivery", 2, 1.5, List.of(new Latency.Point(0.5, 1.25)))))
          .timeline(List.of(new TimePoint(1, 10, 2, 3, 40, 50)))
          .remarks(List.of("a note"))
          .failures(List.of("1 messages lost."))
          .goalResults(List.of(new GoalResult("server_cpu_us_per_delivery", "<= 0.25 µs", true)))
          .build();

  @TempDir Path folder;

  @Test
  void jsonHoldsEverything() {
    assertThat(ResultFile.json(ENVIRONMENT, List.of(RESULT)))
        .isEqualTo(
            """
            {"tool":"fanfare-loadtest","format":1,"environment":{"cpu":"fast"},"runs":[{"scenario":"fanout","title":"fan-out",\
            "server":"a</script>b","startedAt":"2026-01-02T03:04:05Z","settings":{"size":"128 B"},\
            "figures":[{"key":"deliveries_per_second","title":"deliveries per second",\
            "value":8751234.0,"unit":"/s","text":"8,751,234/s"},\
            {"key":"server_cpu_us_per_delivery","title":"server CPU","value":0.1137,"unit":"µs",\
            "text":"0.11 µs","min":0.1,"max":0.2,"range":"0.10–0.20 µs"}],\
            "latencies":[{"name":"delivery","count":2,"meanUs":1.5,\
            "points":[{"quantile":0.5,"us":1.25}]}],\
            "timeline":[{"second":1.0,"rate":10.0,"p50Us":2.0,"p99Us":3.0,"serverPercent":40.0,\
            "generatorPercent":50.0}],\
            "remarks":["a note"],"failures":["1 messages lost."],\
            "goals":[{"key":"server_cpu_us_per_delivery","bound":"<= 0.25 µs","met":true}]}]}\
            """);
  }

  @Test
  void resultsWithoutGoalsHaveNoGoalsField() {
    assertThat(ResultFile.json(ENVIRONMENT, List.of(RESULT.withGoalResults(List.of()))))
        .doesNotContain("goals");
  }

  @Test
  void pageIsSelfContained() {
    String page = HtmlReport.page(List.of(ResultFile.json(ENVIRONMENT, List.of(RESULT))));
    assertThat(page)
        .contains("\"deliveries_per_second\"")
        .contains("--page:")
        .contains("function chart(")
        .contains("a<\\/script>b")
        .doesNotContain("@data@", "@css@", "@js@", "http://www.w3.org/1999", "src=", "@import")
        .doesNotContainPattern("(?i)(href|url)\\s*[=(]\\s*[\"']?https?:");
    assertThat(page.split("</script>", -1)).hasSize(3);
  }

  @Test
  void theTerminalShowsFiguresNotesAndFailures() {
    assertThat(TextTable.of(RESULT))
        .isEqualTo(
            """
            fan-out on a</script>b

              deliveries per second  8,751,234/s
              server CPU                 0.11 µs

            Note: a note
            FAILED: 1 messages lost.
            """);
  }

  @Test
  void markdownIsAligned() {
    TextTable table = new TextTable().row(List.of("load", "a")).row(List.of("x", "12.5 µs"));
    assertThat(table.markdown())
        .isEqualTo(
            """
            | load |       a |
            |------| -------:|
            | x    | 12.5 µs |
            """);
  }

  @Test
  void filesOfOtherToolsAreRefused() throws IOException {
    Path foreign = Files.writeString(folder.resolve("x.json"), "{\"tool\":\"wrk\"}");
    assertThatThrownBy(() -> ResultFile.read(foreign))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("was not written by fanfare-loadtest");
    Path broken = Files.writeString(folder.resolve("y.json"), "{");
    assertThatThrownBy(() -> ResultFile.read(broken)).hasMessageContaining("is not JSON");
  }

  @Test
  void writtenFilesCanBeRead() {
    Path file = folder.resolve("deep/er.json");
    ResultFile.write(file, ENVIRONMENT, List.of(RESULT));
    assertThat(ResultFile.read(file)).isEqualTo(ResultFile.json(ENVIRONMENT, List.of(RESULT)));
  }

  @Test
  void numbersHaveNoInsignificantDigits() {
    assertThat(Figure.text(0.1137, Unit.MICROSECONDS)).isEqualTo("0.11 µs");
    assertThat(Figure.text(12_345, Unit.MICROSECONDS)).isEqualTo("12,345 µs");
    assertThat(Figure.text(12_345, Unit.LATENCY)).isEqualTo("12.3 ms");
    assertThat(Figure.text(12.3, Unit.LATENCY)).isEqualTo("0.012 ms");
    assertThat(Figure.text(2_512, Unit.CONNECTION_BYTES)).isEqualTo("2.51 kB");
    assertThat(Figure.text(123_456_789, Unit.PROCESS_BYTES)).isEqualTo("123 MB");
    assertThat(Figure.text(0, Unit.COUNT)).isEqualTo("0");
    assertThat(Figure.text(99.44, Unit.PERCENT)).isEqualTo("99.4 %");
  }
}
