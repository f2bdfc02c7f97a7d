package dev.fanfare.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.Figure;
import dev.fanfare.loadtest.report.GoalResult;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.RunResultBuilder;
import dev.fanfare.loadtest.report.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

  private static final String CPU = "server_cpu_us_per_delivery";
  private static final String RATE = "deliveries_per_second";
  private static final Row ROW =
      new Row(
          "fanout",
          List.of(CPU, RATE),
          List.of(Goal.atMost(CPU, 0.25), Goal.atLeast(RATE, 4e6), Goal.timesLess(CPU, 35)));

  @Test
  void mediansAreComputedForEachFigure() {
    RunResult median =
        Medians.of(List.of(run("a", 0.3, 1e6), run("a", 0.1, 3e6), run("a", 0.2, 2.5e6)), CPU);
    assertThat(median.value(CPU)).hasValue(0.2);
    assertThat(median.value(RATE)).hasValue(2.5e6);
    assertThat(median.settings()).containsEntry("rounds", "median of 3").doesNotContainKey("round");
    assertThat(Medians.median(1, 2, 3, 10)).isEqualTo(2.5);
  }

  @Test
  void tableHasRatioGoalAndResult() {
    Comparison comparison =
        new Comparison(
            List.of(
                new Comparison.Line(
                    ROW, List.of(run("fanfare", 0.2, 3e6), run("soketi", 8.8, 1e5)), List.of())),
            "fanfare",
            "soketi");
    assertThat(comparison.markdown())
        .isEqualTo(
            """
            | load |              fanfare |             soketi | fanfare to soketi |\
                                      goal for fanfare |          met |
            |------| --------------------:| ------------------:| -----------------:|\
             -----------------------------------------:| ------------:|
            | load | 0.20 µs, 3,000,000/s | 8.80 µs, 100,000/s |            1/44.0 |\
             <= 0.25 µs, >= 4,000,000/s, 35 times less | yes, NO, yes |

            """);
  }

  @Test
  void theShareOfAJvmsCompilersIsShown() {
    RunResult run = run("fanfare", 0.2, 3e6);
    List<Figure> figures = new ArrayList<>(run.figures());
    figures.add(new Figure("jit_percent", "JIT", 7.04, Unit.PERCENT));
    RunResult jvm =
        run.withFigures(figures).withRemarks(List.of("The server was still compiling."));
    Row row = new Row("fanout", List.of(CPU, RATE), List.of());
    Comparison comparison =
        new Comparison(
            List.of(new Comparison.Line(row, List.of(jvm, run("soketi", 8.8, 1e5)), List.of())),
            "fanfare",
            "soketi");
    assertThat(comparison.markdown())
        .contains("| 0.20 µs, 3,000,000/s, JIT 7.04 % | 8.80 µs, 100,000/s |")
        .contains("- fanfare, load: The server was still compiling.");
  }

  @Test
  void mediansOfTheJudgedServerHaveItsGoals() {
    List<RunResult> medians = List.of(run("fanfare", 0.2, 3e6), run("soketi", 8.8, 1e5));
    List<RunResult> rounds = List.of(run("fanfare", 0.2, 3e6));
    List<RunResult> results =
        new Comparison(List.of(new Comparison.Line(ROW, medians, rounds)), "fanfare", "soketi")
            .results();
    assertThat(results.getFirst().goalResults())
        .containsExactly(
            new GoalResult(CPU, "<= 0.25 µs", true),
            new GoalResult(RATE, ">= 4,000,000/s", false),
            new GoalResult(CPU, "35 times less", true));
    assertThat(results.subList(1, 3))
        .allSatisfy(result -> assertThat(result.goalResults()).isEmpty());
  }

  @Test
  void aMissingFigureMeetsNoGoal() {
    RunResult other = run("a", 0.1, 5e6);
    assertThat(Goal.atMost("unheard_of", 1e9).met(other, other)).isFalse();
    assertThat(Goal.timesLess(CPU, 1).met(other, other)).isTrue();
    assertThat(Goal.timesLess(CPU, 1.01).met(other, other)).isFalse();
  }

  @Test
  void roundsAreInterleaved() {
    List<String> order = new ArrayList<>();
    Rounds rounds =
        new Rounds(
            List.of(
                ComparedServer.parse("a=127.0.0.1:1"), ComparedServer.parse("b=127.0.0.1:2,77")),
            3,
            7_400,
            "",
            (_, server, _, port, pid) -> {
              order.add(server + port + "/" + pid);
              return run(server, 1, 1);
            },
            new Interruption());
    Comparison.Line line = rounds.line(ROW).orElseThrow();
    assertThat(order).containsExactly("a1/0", "b2/77", "a1/0", "b2/77", "a1/0", "b2/77");
    assertThat(line.medians()).hasSize(2);
    assertThat(line.rounds()).hasSize(6);
    assertThat(line.rounds().getFirst().settings()).containsEntry("round", "1 of 3");
  }

  @Test
  void interruptedRowsKeepTheirCompleteRounds() {
    Interruption interruption = new Interruption();
    int[] runs = {0};
    Rounds rounds =
        new Rounds(
            List.of(ComparedServer.parse("a=127.0.0.1:1"), ComparedServer.parse("b=127.0.0.1:2")),
            3,
            7_400,
            "",
            (_, server, _, _, _) -> {
              if (++runs[0] == 3) {
                interruption.request();
              }
              return run(server, runs[0], 1);
            },
            interruption);
    Comparison.Line line = rounds.line(ROW).orElseThrow();
    assertThat(runs).containsExactly(3);
    assertThat(line.rounds()).hasSize(2);
    assertThat(line.of("a").value(CPU)).hasValue(1);
    assertThat(rounds.line(ROW)).isEmpty();
  }

  @Test
  void mediansHaveTheRangeOfTheirRounds() {
    RunResult median = Medians.of(List.of(run("a", 3, 5), run("a", 1, 5), run("a", 2, 5)), CPU);
    Figure cpu = median.figures().getFirst();
    assertThat(cpu.value()).isEqualTo(2);
    assertThat(cpu.range()).isEqualTo("1–3 µs");
    assertThat(median.figures().getLast().hasRange()).isFalse();
  }

  @Test
  void serversAreStartedAndStopped() {
    List<Long> pids = new ArrayList<>();
    String listen =
        "b=python3 -c \"import"
            + " socket,time;s=socket.create_server(('127.0.0.1',{port}));time.sleep(60)\"";
    Rounds rounds =
        new Rounds(
            List.of(ComparedServer.parse(listen)),
            2,
            17_400,
            "",
            (_, server, _, _, pid) -> {
              pids.add(pid);
              assertThat(ProcessHandle.of(pid)).isPresent();
              return run(server, 1, 1);
            },
            new Interruption());
    assertThat(rounds.line(ROW).orElseThrow().medians()).hasSize(1);
    assertThat(pids).hasSize(2);
    assertThat(ProcessHandle.of(pids.getFirst()).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void outputOfAFailedStartIsQuoted() {
    ComparedServer.Launched broken =
        new ComparedServer.Launched("b", "sh -c 'echo no license for {port}; exit 1'");
    assertThatThrownBy(() -> LaunchedServer.start(broken, 17_401, ""))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("b did not start")
        .hasMessageContaining("no license for 17401");
  }

  @Test
  void serversAreParsed() {
    assertThat(ComparedServer.parse("x=localhost:6001,42"))
        .isEqualTo(new ComparedServer.Running("x", "localhost", 6_001, 42));
    assertThat(ComparedServer.parse("x=run --port={port}"))
        .isEqualTo(new ComparedServer.Launched("x", "run --port={port}"));
    assertThatThrownBy(() -> ComparedServer.parse("localhost")).isInstanceOf(Refusal.class);
  }

  @Test
  void everyRowOfTheTargetTableCanBeRun() {
    assertThat(TargetTable.fanfare()).hasSize(11);
    for (Row row : TargetTable.fanfare()) {
      assertThat(row.goals()).isNotEmpty();
      assertThat(row.keys()).isNotEmpty();
    }
  }

  private static RunResult run(String server, double cpuUs, double rate) {
    return RunResultBuilder.builder()
        .scenario("fanout")
        .title("load")
        .server(server)
        .startedAt("2026-01-01T00:00:00Z")
        .settings(Map.of())
        .figures(
            List.of(
                new Figure(CPU, "CPU", cpuUs, Unit.MICROSECONDS),
                new Figure(RATE, "rate", rate, Unit.PER_SECOND)))
        .latencies(List.of())
        .timeline(List.of())
        .remarks(List.of())
        .failures(List.of())
        .goalResults(List.of())
        .build();
  }
}
