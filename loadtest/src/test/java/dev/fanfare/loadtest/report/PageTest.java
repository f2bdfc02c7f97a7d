package dev.fanfare.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fanfare.loadtest.client.GeneratorLoop;
import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.compare.Comparison;
import dev.fanfare.loadtest.compare.Goal;
import dev.fanfare.loadtest.compare.Row;
import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.LoadBuilder;
import dev.fanfare.loadtest.plan.Signal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.plan.TargetBuilder;
import dev.fanfare.loadtest.plan.Via;
import dev.fanfare.loadtest.scenario.FanoutScenario;
import dev.fanfare.loadtest.scenario.HttpScenario;
import dev.fanfare.loadtest.scenario.Progress;
import dev.fanfare.loadtest.scenario.Rig;
import dev.fanfare.loadtest.scenario.Scenario;
import dev.fanfare.loadtest.scenario.Subject;
import dev.fanfare.loadtest.testing.Browser;
import dev.fanfare.loadtest.testing.Fault;
import dev.fanfare.loadtest.testing.TinyServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of real results in a real browser.
final class PageTest {

  private static final long MEASURED_NS = 2_500_000_000L;
  private static final Map<String, String> ENVIRONMENT = Map.of("kernel", "Linux 6.1");
  private static final String RATE = "deliveries_per_second";
  private static final Row ROW =
      new Row(
          "fanout",
          List.of(RATE),
          List.of(
              new Goal(RATE, Goal.Kind.AT_LEAST, 1),
              new Goal("delivery_p99_us", Goal.Kind.AT_MOST, 0.5)));

  @TempDir private static Path folder;
  private static RunResult one;
  private static RunResult two;
  private static RunResult lone;
  private static Path page;
  private static Browser browser;

  @BeforeAll
  static void openThePage() throws IOException, InterruptedException {
    one = withRange(run("one", new FanoutScenario()));
    two = run("two", new FanoutScenario());
    lone = run("one", new HttpScenario());
    Comparison comparison =
        new Comparison(
            List.of(
                new Comparison.Line(ROW, List.of(one, two), List.of()),
                new Comparison.Line(Row.of("http"), List.of(lone), List.of())),
            "one",
            "two");
    page = folder.resolve("page.html");
    Files.writeString(
        page, HtmlReport.page(List.of(ResultFile.json(ENVIRONMENT, comparison.results()))));
    browser = new Browser(Files.createDirectory(folder.resolve("profile")));
    browser.open(page);
  }

  @AfterAll
  static void closeTheBrowser() {
    browser.close();
  }

  @AfterEach
  void noErrorsAndNoOtherRequests() {
    assertThat(browser.troubles()).isEmpty();
    assertThat(browser.requests()).containsExactly(page.toUri().toString());
  }

  @Test
  void everyChartHasALineForEachServerWithAllItsPoints() {
    String latencies = points(one).size() + " " + points(two).size();
    String seconds = one.timeline().size() + " " + two.timeline().size();
    assertThat(one.timeline()).hasSizeGreaterThan(1);
    assertThat(plots("#g0"))
        .containsExactly(
            "Latency by percentile: delivery: " + latencies,
            "Throughput: " + seconds,
            "p99 latency over time: " + seconds);
    String alone = Integer.toString(lone.timeline().size());
    assertThat(plots("#g1"))
        .containsExactly(
            "Latency by percentile: acknowledgement: " + points(lone).size(),
            "Throughput: " + alone,
            "p99 latency over time: " + alone,
            "Busy, percent of a core: " + alone);
  }

  @Test
  void everyLineIsInsideItsChart() {
    String inside =
        """
        [...document.querySelectorAll("svg path")].map((path) => {
          const box = path.getBBox(), view = path.ownerSVGElement.viewBox.baseVal;
          return path.getTotalLength() > 0 && box.x >= 0 && box.y >= 0 &&
            box.x + box.width <= view.width && box.y + box.height <= view.height;
        })\
        """;
    assertThat(browser.evaluate(inside).split(",", -1)).hasSize(10).containsOnly("true");
  }

  @Test
  void hoveringShowsTheValueOfEveryServer() {
    assertThat(browser.evaluate("getComputedStyle(tip).display")).isEqualTo("none");
    hover("#g0 svg circle:nth-of-type(4)");
    assertThat(browser.evaluate("tip.style.display")).isEqualTo("block");
    String[] lines =
        browser.evaluate("[...tip.children].map((c) => c.textContent).join('|')").split("\\|", -1);
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).isEqualTo("p50");
    isAbout(lines[1], "one", points(one).get(3).us());
    isAbout(lines[2], "two", points(two).get(3).us());
    browser.moveMouse(1, 1);
    assertThat(browser.evaluate("tip.style.display")).isEqualTo("none");
  }

  @Test
  void buttonShowsTheOtherLatencies() {
    browser.evaluate("document.querySelectorAll('#g0 .tabs button')[1].click()");
    assertThat(plots("#g0").getFirst())
        .isEqualTo(
            "Latency by percentile: acknowledgement: "
                + one.latencies().get(1).points().size()
                + " "
                + two.latencies().get(1).points().size());
    browser.evaluate("document.querySelectorAll('#g0 .tabs button')[0].click()");
  }

  @Test
  void environmentIsShown() {
    assertThat(texts(".environment td")).containsExactly("kernel", "Linux 6.1");
  }

  @Test
  void mediansAreShownWithTheirRange() {
    assertThat(texts("#g0 table small.range")).containsOnly("1–3/s");
  }

  @Test
  void goalsAreShownBesideTheFiguresOfTheJudgedServer() {
    String p99 = Figure.text(one.value("delivery_p99_us").orElseThrow(), Unit.LATENCY);
    String rate = Figure.text(one.value(RATE).orElseThrow(), Unit.PER_SECOND);
    assertThat(texts("#g0 .tile:nth-child(1) .goals li"))
        .containsExactly(
            "deliveries per second" + rate + ", goal >= 1/s: met",
            "delivery p99" + p99 + ", goal <= 0.001 ms: missed");
    assertThat(texts("#g0 .tile:nth-child(2) .goals li")).containsExactly("");
    assertThat(texts("nav .verdict")).startsWith("1 of 2 goals met");
  }

  private static void hover(String selector) {
    String[] place =
        browser
            .evaluate(
                """
                (() => {
                  const point = document.querySelector("%s");
                  point.scrollIntoView({ block: "center" });
                  const box = point.getBoundingClientRect();
                  return [box.x + box.width / 2, box.y + box.height / 2];
                })()\
                """
                    .formatted(selector))
            .split(",", -1);
    browser.moveMouse(Double.parseDouble(place[0]), Double.parseDouble(place[1]));
  }

  /// Name and value, rounded to three digits for people.
  private static void isAbout(String line, String server, double us) {
    Matcher shown = Pattern.compile(server + "  ([\\d.]+) (µs|ms|s)").matcher(line);
    assertThat(shown.matches()).as(line).isTrue();
    double unit = shown.group(2).equals("µs") ? 1 : shown.group(2).equals("ms") ? 1e3 : 1e6;
    assertThat(Double.parseDouble(shown.group(1)) * unit).isCloseTo(us, within(us / 50));
  }

  /// The title of each chart, with the number of points of each of its lines.
  private static List<String> plots(String section) {
    return List.of(
        browser
            .evaluate(
                """
                [...document.querySelectorAll("%s svg")].map((svg) => svg.getAttribute("aria-label")
                  + ": " + [...svg.querySelectorAll("path")].map((path) =>
                    path.getAttribute("d").match(/[ML]/g).length).join(" ")).join("|")\
                """
                    .formatted(section))
            .split("\\|", -1));
  }

  private static List<String> texts(String selector) {
    String all =
        "[...document.querySelectorAll('%s')].map((e) => e.textContent).join('|')"
            .formatted(selector);
    return List.of(browser.evaluate(all).split("\\|", -1));
  }

  private static List<Latency.Point> points(RunResult result) {
    return result.latencies().getFirst().points();
  }

  /// As if the rate were a median.
  private static RunResult withRange(RunResult result) {
    return result.withFigures(
        result.figures().stream()
            .map(figure ->
                figure.key().equals(RATE)
                    ? new Figure(RATE, figure.title(), figure.value(), figure.unit(), 1, 3)
                    : figure)
            .toList());
  }

  private static RunResult run(String name, Scenario scenario) throws IOException {
    Load load =
        LoadBuilder.builder()
            .connections(4)
            .channels(1)
            .publishers(2)
            .window(1)
            .maxUndelivered(64)
            .rate(200)
            .warmupRate(200)
            .size(64)
            .durationNs(MEASURED_NS)
            .warmupNs(0)
            .privateChannels(false)
            .via(Via.HTTP)
            .seed(1)
            .stalled(0)
            .probe(false)
            .compressedPercent(0)
            .signal(Signal.NONE)
            .replay(0)
            .run("0000aa")
            .build();
    try (TinyServer server = new TinyServer(Fault.NONE)) {
      Target target =
          TargetBuilder.builder()
              .host("127.0.0.1")
              .port(server.port())
              .tls(false)
              .insecure(false)
              .appId("app-id")
              .key("app-key")
              .secret("app-secret")
              .build();
      Progress quiet = new Progress(new PrintStream(PrintStream.nullOutputStream()), false, true);
      try (Rig rig =
          new Rig(
              Subject.of(name, target, null),
              new GeneratorLoop(false),
              SourceAddresses.of(1, target.address()),
              quiet)) {
        return scenario.run(rig, load);
      }
    }
  }
}
