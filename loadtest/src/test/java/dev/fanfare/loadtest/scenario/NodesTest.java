package dev.fanfare.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.client.GeneratorLoop;
import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.LoadBuilder;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Signal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.plan.TargetBuilder;
import dev.fanfare.loadtest.plan.Via;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.testing.Fault;
import dev.fanfare.loadtest.testing.TinyServer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Loads that are spread over two servers which deliver each other's events.
@Timeout(60)
final class NodesTest {

  private static final long SECOND_NS = 1_000_000_000L;

  /// Long enough for the event that a server spoils, on a busy machine too.
  private static final long DURATION_NS = 2 * SECOND_NS;

  @Test
  void fanoutCrossesNodes() throws IOException {
    RunResult result = run(new FanoutScenario(), Fault.NONE, Fault.NONE, load(8, 2));
    assertThat(faults(result)).isEmpty();
    assertThat(value(result, "delivered")).isPositive();
  }

  /// The second subscriber of the channel is on the second node.
  @Test
  void eventsThatASecondNodeLosesAreFound() throws IOException {
    RunResult result = run(new FanoutScenario(), Fault.NONE, Fault.LOSE, load(2, 1));
    assertThat(faults(result)).containsExactly("1 messages lost.");
  }

  @Test
  void clientsAndPublishersMoveToTheOtherNode() throws IOException {
    RunResult result = run(nodeLoss(), Fault.NONE, Fault.CRASH, load(10, 2));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "returned")).isEqualTo(5);
    assertThat(value(result, "lost")).isZero();
    assertThat(value(result, "delivered") + value(result, "missed"))
        .isGreaterThanOrEqualTo(5 * value(result, "accepted"));
  }

  @ParameterizedTest
  @CsvSource({
    "LOSE, 1 messages lost.",
    "DOUBLE, 1 messages duplicated.",
    "SWAP, 1 messages out of order.",
    "HANG_UP, 1 clients disconnected by a live node."
  })
  void nodeLossFindsWhatASurvivorDoesWrong(Fault fault, String failure) throws IOException {
    Load load = load(4, 1).withPublishers(1);
    RunResult result = run(nodeLoss(), fault, Fault.NONE, load);
    assertThat(result.failures()).containsExactly(failure);
  }

  @Test
  void nodeLossNeedsTwoNodesAndTheProcessesOfAll() throws IOException {
    try (TinyServer only = new TinyServer(Fault.NONE)) {
      List<Target> one = List.of(target(only.port()));
      assertThatThrownBy(() -> run(nodeLoss(), load(2, 1), one, null))
          .isInstanceOf(Refusal.class)
          .hasMessage("node-loss needs the URLs of at least two nodes (--nodes URL,URL).");
      List<Target> two = List.of(target(only.port()), target(only.port()));
      ServerProcess self = ServerProcess.of(ProcessHandle.current().pid());
      Load killing = load(2, 1).withSignal(Signal.KILL);
      assertThatThrownBy(() -> run(nodeLoss(), killing, two, self))
          .isInstanceOf(Refusal.class)
          .hasMessage("--signal needs the processes of all --nodes (--pid PID,PID).");
    }
  }

  private static Scenario nodeLoss() {
    return new NodeLossScenario(SECOND_NS);
  }

  private static RunResult run(Scenario scenario, Fault first, Fault second, Load load)
      throws IOException {
    try (TinyServer a = new TinyServer(first);
        TinyServer b = new TinyServer(second)) {
      TinyServer.join(a, b);
      return run(scenario, load, List.of(target(a.port()), target(b.port())), null);
    }
  }

  private static RunResult run(
      Scenario scenario, Load load, List<Target> nodes, @Nullable ServerProcess process) {
    Progress quiet = new Progress(new PrintStream(PrintStream.nullOutputStream()), false, true);
    Subject subject = new Subject("tiny", nodes, process);
    SourceAddresses sources = SourceAddresses.of(1, subject.target().address());
    try (Rig rig = new Rig(subject, new GeneratorLoop(false), sources, quiet)) {
      return scenario.run(rig, load);
    }
  }

  private static Target target(int port) {
    return TargetBuilder.builder()
        .host("127.0.0.1")
        .port(port)
        .tls(false)
        .insecure(false)
        .appId("app-id")
        .key("app-key")
        .secret("app-secret")
        .build();
  }

  private static Load load(int connections, int channels) {
    return LoadBuilder.builder()
        .connections(connections)
        .channels(channels)
        .publishers(2)
        .window(4)
        .maxUndelivered(64)
        .rate(100)
        .warmupRate(100)
        .size(64)
        .durationNs(DURATION_NS)
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
  }

  /// Failures except that of the rate: a test must not depend on how busy the machine is.
  private static List<String> faults(RunResult result) {
    return result.failures().stream().filter(text -> !text.startsWith("The rate")).toList();
  }

  private static double value(RunResult result, String key) {
    return result.value(key).orElseThrow(() -> new AssertionError("no figure " + key));
  }
}
