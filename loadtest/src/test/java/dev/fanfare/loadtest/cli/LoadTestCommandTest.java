package dev.fanfare.loadtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.compare.Row;
import dev.fanfare.loadtest.compare.TargetTable;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Via;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class LoadTestCommandTest {

  private final StringWriter err = new StringWriter();

  @Test
  void optionsReachTheLoad() {
    Load load =
        LoadTestCommand.scenario(
                "fanout --subscribers 50 --channels 5 --publishers 2 --window 3 --rate 7.5"
                    + " --warmup-rate 2 --size 256 --duration 1500ms --warmup 2m --via client-event"
                    + " --max-undelivered 9 --stalled 3 --probe --compressed 25")
            .load();
    assertThat(load)
        .isEqualTo(
            new Load(
                50,
                5,
                2,
                3,
                9,
                7.5,
                2,
                256,
                1_500_000_000L,
                120_000_000_000L,
                true,
                Via.CLIENT_EVENT,
                1,
                3,
                true,
                25));
  }

  @Test
  void theGeneratorPollsUnlessItIsToldNotTo() {
    assertThat(LoadTestCommand.scenario("churn").generator().polling()).isTrue();
    assertThat(LoadTestCommand.scenario("churn --no-polling").generator().polling()).isFalse();
  }

  @Test
  void defaultsDifferByScenario() {
    assertThat(LoadTestCommand.scenario("fanout").load().connections()).isEqualTo(1_000);
    assertThat(LoadTestCommand.scenario("idle").load().connections()).isEqualTo(10_000);
    assertThat(LoadTestCommand.scenario("http").load().publishers()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fanout --host 192.0.2.1|192.0.2.1 is not a loopback address",
        "fanout --size 10|--size is 10, it must be 32 to 65000",
        "fanout --rate 2000000 --window 0|--window is 0, it must be 1 to 1000; --rate is 2000000",
        "fanout --stalled -1|--stalled is -1, it must be 0 to 200000",
        "idle --stalled 1|--stalled, --probe and --compressed are for fanout; idle has no use",
        "http --probe|http has no use for them",
        "storm --compressed 1|storm has no use for them",
        "fanout --compressed 101|--compressed is 101, it must be 0 to 100",
        "fanout --stalled 150000|too few for 151,000 connections",
        "idle --connections 150000|too few for 150,000 connections",
        "http --pid 999999999|There is no process 999999999 to measure",
        "connect --source-addresses 5000|--source-addresses is 5000, it must be 0 to 1000",
        "connect --port 1 --duration 1 --warmup 0|Nobody can connect: 127.0.0.1:1 cannot be"
            + " reached",
        "compare --server x=y{port}|What load? Give --table fanfare or at least one --scenario",
        "compare --table fanfare --server x=nothing|does not contain {port}",
        "compare --table golden --server x=1.2.3.4:5|There is no table 'golden'",
        "report /nowhere/x.json --html y|Cannot read /nowhere/x.json"
      })
  void refusalsAreOneSentenceAndExitCodeThree(String line, String sentence) {
    assertThat(execute(line)).isEqualTo(3);
    assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
    assertThat(err.toString().strip().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"nonsense", "fanout --bogus 1", "fanout --duration soon", "fanout --via mail"})
  void wrongUsageIsExitCodeTwo(String line) {
    assertThat(execute(line)).isEqualTo(2);
    assertThat(err.toString()).isNotBlank();
  }

  @Test
  void aBadLoadOfAComparisonIsNamed() {
    assertThatThrownBy(() -> LoadTestCommand.scenario("fanout --bogus 1"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("'fanout --bogus 1': Unknown options: '--bogus'");
    assertThatThrownBy(() -> LoadTestCommand.scenario("dance"))
        .isInstanceOf(Refusal.class)
        .hasMessage("There is no scenario 'dance'.");
  }

  @Test
  void everyRowOfTheTargetTableIsALoadAndItsOptionsCanBeReplaced() {
    for (Row row : TargetTable.fanfare()) {
      Load load = LoadTestCommand.scenario(row.command() + " --warmup 1 --duration 2").load();
      assertThat(load.warmupNs()).isEqualTo(1_000_000_000L);
      assertThat(load.durationNs()).isEqualTo(2_000_000_000L);
    }
  }

  private int execute(String line) {
    CommandLine command = LoadTestCommand.commandLine();
    command.setErr(new PrintWriter(err, true));
    return command.execute(line.split(" ", -1));
  }
}
