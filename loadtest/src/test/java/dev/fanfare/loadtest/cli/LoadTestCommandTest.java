package dev.fanfare.loadtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.compare.Row;
import dev.fanfare.loadtest.compare.TargetTable;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.LoadBuilder;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Signal;
import dev.fanfare.loadtest.plan.Via;
import dev.fanfare.loadtest.testing.Fault;
import dev.fanfare.loadtest.testing.ForkedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class LoadTestCommandTest {

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void optionsReachTheLoad() {
    Load load =
        scenario(
                "fanout --subscribers 50 --channels 5 --publishers 2 --window 3 --rate 7.5"
                    + " --warmup-rate 2 --size 256 --duration 1500ms --warmup 2m --via client-event"
                    + " --max-undelivered 9 --stalled 3 --probe --compressed 25")
            .load();
    assertThat(load)
        .isEqualTo(
            LoadBuilder.builder()
                .connections(50)
                .channels(5)
                .publishers(2)
                .window(3)
                .maxUndelivered(9)
                .rate(7.5)
                .warmupRate(2)
                .size(256)
                .durationNs(1_500_000_000L)
                .warmupNs(120_000_000_000L)
                .privateChannels(true)
                .via(Via.CLIENT_EVENT)
                .seed(1)
                .stalled(3)
                .probe(true)
                .compressedPercent(25)
                .signal(Signal.NONE)
                .replay(0)
                .run(load.run())
                .build());
  }

  @Test
  void eachRunHasChannelsOfItsOwn() {
    Load first = scenario("storm --replay 3").load();
    Load second = scenario("storm --replay 3").load();
    assertThat(first.run()).matches("[0-9a-f]{6}").isNotEqualTo(second.run());
    assertThat(first.channelName(0)).isNotEqualTo(second.channelName(0));
  }

  @Test
  void generatorPollsByDefault() {
    assertThat(scenario("churn").generator().polling()).isTrue();
    assertThat(scenario("churn --no-polling").generator().polling()).isFalse();
  }

  @Test
  void defaultsDifferByScenario() {
    assertThat(scenario("fanout").load().connections()).isEqualTo(1_000);
    assertThat(scenario("idle").load().connections()).isEqualTo(10_000);
    assertThat(scenario("http").load().publishers()).isEqualTo(16);
  }

  @Test
  void pacedLoadsWarmUpAtFullSpeed() {
    assertThat(scenario("fanout --rate 20").load().warmupRate()).isZero();
    assertThat(scenario("fanout --rate 20 --warmup-rate 5").load().warmupRate()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http --pid 999999999|There is no process 999999999 to measure",
        "fanout --stalled 150000|too few for 151,000 connections",
        "idle --connections 150000|too few for 150,000 connections",
        "abuse --pid 999999999|There is no process 999999999 to measure",
        "connect --port 1 --duration 1 --warmup 0|No connection succeeded: 127.0.0.1:1",
        "report /nowhere/x.json --html y|Cannot read /nowhere/x.json"
      })
  void runsThatCannotStartAreOneSentenceAndExitCodeThree(String line, String sentence) {
    assertThat(execute(line)).isEqualTo(3);
    assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
    assertThat(err.toString().strip().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fanout --host 192.0.2.1|192.0.2.1 is not a loopback address",
        "fanout --size 10|--size is 10, but must be from 32 to 65000",
        "fanout --rate 2000000 --window 0|--window is 0, but must be from 1 to 1000; --rate is",
        "fanout --stalled -1|--stalled is -1, but must be from 0 to 200000",
        "fanout --compressed 101|--compressed is 101, but must be from 0 to 100",
        "connect --source-addresses 5000|--source-addresses is 5000, but must be from 0 to 1000",
        "compare --server x=y{port}|No load given: use --table fanfare or --scenario.",
        "compare --table fanfare --server x=nothing|does not contain {port}",
        "compare --table golden --server x=1.2.3.4:5|There is no table 'golden'",
        "compare --table fanfare --server x=1.2.3.4:5 --rounds 0|--rounds is 0",
        "compare --table fanfare --server x=1.2.3.4:5 --options --bogus|no scenario has the option",
        "abuse --host 192.0.2.1|192.0.2.1 is not a loopback address",
        "abuse --attack silent,dance|There is no attack 'dance'; there are silent, half-hello,",
        "abuse --sockets 20000|--sockets is 20000, but must be from 1 to 10000",
        "abuse --seconds 0|--seconds must be from 100ms to 1h",
        "abuse --recovery 0|--recovery must be from 100ms to 1h",
        "abuse --metrics-port 70000|--metrics-port is 70000, which is not a port",
        "abuse --server x=1.2.3.4:5|--server is an address: use --host, --port and --pid instead",
        "fanout --nodes http://192.0.2.1:1|192.0.2.1 is not a loopback address",
        "fanout --nodes http://127.0.0.1:1,127.0.0.1:2|not a URL such as http://127.0.0.1:6001",
        "fanout --nodes ftp://127.0.0.1|--nodes: 'ftp://127.0.0.1' is not a URL such as",
        "node-loss --port 1|node-loss needs the URLs of at least two nodes (--nodes URL,URL)",
        "node-loss --nodes ws://[::1],ws://127.0.0.1 --signal KILL|--signal needs the processes",
        "node-loss --nodes ws://[::1],ws://127.0.0.1 --rate 0|node-loss needs a rate (--rate)",
        "node-loss --nodes ws://[::1],ws://127.0.0.1 --rate 9999 --duration 2h|these are too many",
        "node-loss --signal HUP|Invalid value for option '--signal'",
        "fanout --signal KILL|Unknown options: '--signal', 'KILL'",
        "abuse --nodes ws://127.0.0.1|Unknown options: '--nodes'",
        "nonsense|Unmatched argument at index 0: 'nonsense'",
        "fanout --bogus 1|Unknown options: '--bogus', '1'",
        "fanout --duration soon|soon' is not a duration; examples: 10, 500ms, 30m, 1h",
        "fanout --via mail|Invalid value for option '--via'",
        "idle --stalled 1|Unknown options: '--stalled', '1'",
        "idle --warmup 1|Unknown options: '--warmup', '1'",
        "http --probe|Unknown option: '--probe'",
        "storm --duration 1|Unknown options: '--duration', '1'",
        "pingpong --publishers 2|Unknown options: '--publishers', '2'",
        "report --html y|Missing required parameter: 'FILE'",
        "''|The scenario is missing."
      })
  void wrongUsageIsExitCodeTwoAndEndsWithTheError(String line, String sentence) {
    assertThat(execute(line)).isEqualTo(2);
    assertThat(err.toString().strip().lines().toList().getLast()).contains(sentence);
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "fanout,--stalled,--seed",
    "idle,--duration,--warmup",
    "storm,--connections,--rate",
    "churn,--seed,--publishers",
    "http,--window,--connections"
  })
  void helpListsTheOptionsOfTheScenarioOnly(String scenario, String has, String lacks) {
    assertThat(execute(scenario + " --help")).isZero();
    assertThat(out.toString()).contains(has, "--pid", "--json").doesNotContain(lacks);
  }

  @Test
  void optionsOfAComparisonReachTheLoadsThatHaveThem() {
    String extra = "--warmup 1 --duration=2 --probe --pin 1";
    Load fanout = LoadTestCommand.scenario("fanout --warmup 8", extra, new Interruption()).load();
    assertThat(fanout.warmupNs()).isEqualTo(1_000_000_000L);
    assertThat(fanout.durationNs()).isEqualTo(2_000_000_000L);
    assertThat(fanout.probe()).isTrue();
    Load idle = LoadTestCommand.scenario("idle", extra, new Interruption()).load();
    assertThat(idle.durationNs()).isEqualTo(2_000_000_000L);
    assertThat(idle.probe()).isFalse();
  }

  @Test
  void attacksAreListed() {
    assertThat(execute("abuse --attack list")).isZero();
    assertThat(out.toString()).contains("half-heads", "sockets that send nothing");
  }

  @ParameterizedTest
  @CsvSource({"NONE, 0", "DOUBLE, 1"})
  void exitCodeOfAnExaminationSaysWhetherItPassed(Fault fault, int exitCode) throws IOException {
    try (ForkedServer server = new ForkedServer(fault)) {
      assertThat(
              execute(
                  "abuse --port %d --pid %d --attack aborts --seconds 200ms --sockets 4 --quiet"
                      .formatted(server.port(), server.pid())))
          .isEqualTo(exitCode);
    }
  }

  @Test
  void secretsAreMasked() {
    assertThat(Environment.masked("fanout --secret s3cret --key k --secret=s3cret"))
        .isEqualTo("fanout --secret *** --key k --secret=***");
    assertThat(Environment.masked("env FANFARE_APP_SECRET=s3cret A_TOKEN='a b' run --port 1"))
        .isEqualTo("env FANFARE_APP_SECRET=*** A_TOKEN=*** run --port 1");
  }

  @Test
  void badLoadOfAComparisonIsNamed() {
    assertThatThrownBy(() -> scenario("fanout --bogus 1"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("'fanout --bogus 1': Unknown options: '--bogus'");
    assertThatThrownBy(() -> scenario("dance"))
        .isInstanceOf(Refusal.class)
        .hasMessage("There is no scenario 'dance'.");
  }

  @Test
  void everyRowOfTheTargetTableIsALoadWithReplaceableOptions() {
    for (Row row : TargetTable.fanfare()) {
      String extra = "--warmup 1 --duration 2";
      Load load = LoadTestCommand.scenario(row.command(), extra, new Interruption()).load();
      assertThat(load.durationNs()).isEqualTo(2_000_000_000L);
    }
  }

  private static ScenarioCommand scenario(String text) {
    return LoadTestCommand.scenario(text, "", new Interruption());
  }

  private int execute(String line) {
    CommandLine command = LoadTestCommand.commandLine(new Interruption());
    command.setErr(new PrintWriter(err, true)).setOut(new PrintWriter(out, true));
    return command.execute(line.isEmpty() ? new String[0] : line.split(" ", -1));
  }
}
