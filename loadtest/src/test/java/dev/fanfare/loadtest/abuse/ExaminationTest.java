package dev.fanfare.loadtest.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.compare.ComparedServer;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.plan.TargetBuilder;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.testing.Fault;
import dev.fanfare.loadtest.testing.ForkedServer;
import dev.fanfare.loadtest.testing.TinyServer;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The facts that an examination states, about a server in a separate process that does what each
/// fault says.
@Timeout(90)
final class ExaminationTest {

  private static final long SHORT_NS = 300_000_000L;

  /// What a server with a fault does not do in time.
  private static final long RECOVERY_NS = 60_000_000_000L;

  private static final long FAULTY_NS = 3_000_000_000L;

  private static final int SOCKETS = 8;

  @Test
  void serverThatWithstandsPasses() throws IOException {
    RunResult result = examine(Fault.NONE, "storm").getFirst();
    assertThat(result.failures()).isEmpty();
    assertThat(result.title()).isEqualTo("storm");
    assertThat(result.settings()).containsEntry("sockets", "8").containsKey("answers");
    assertThat(value(result, "attack_connections")).isPositive();
    assertThat(value(result, "published")).isPositive();
    assertThat(value(result, "refused")).isZero();
    assertThat(value(result, "lost")).isZero();
    assertThat(value(result, "ping_during_p99_us")).isPositive();
    assertThat(value(result, "bystanders_before_p99_us")).isPositive();
    assertThat(value(result, "rss_peak")).isGreaterThanOrEqualTo(value(result, "rss_before"));
    assertThat(value(result, "files_before")).isGreaterThan(8);
    assertThat(value(result, "files_peak")).isGreaterThanOrEqualTo(value(result, "files_before"));
  }

  @Test
  void everyAttackIsExaminedInTurn() throws IOException {
    List<RunResult> results = examine(Fault.NONE, "queries", "silent", "aborts");
    assertThat(results).extracting(RunResult::title).containsExactly("queries", "silent", "aborts");
    assertThat(results).allSatisfy(result -> assertThat(result.failures()).isEmpty());
    assertThat(value(results.getFirst(), "attack_messages")).isPositive();
  }

  @Test
  void lostEventIsFound() throws IOException {
    assertThat(failures(Fault.LOSE))
        .contains("1 deliveries lost.")
        .anySatisfy(failure ->
            assertThat(failure)
                .matches("The first lost one: event \\d+ of publisher \\d+, due .*"));
  }

  @Test
  void duplicatedEventIsFound() throws IOException {
    assertThat(failures(Fault.DOUBLE)).containsExactly("1 deliveries duplicated.");
  }

  @Test
  void disconnectedSubscriberIsFound() throws IOException {
    assertThat(failures(Fault.HANG_UP))
        .anySatisfy(failure ->
            assertThat(failure)
                .isEqualTo(
                    "1 times a subscriber was disconnected; first reason: the server closed with"
                        + " 4100 slow."));
  }

  @Test
  void disconnectedPingerIsFound() throws IOException {
    assertThat(failures(Fault.REFUSE_PINGS))
        .anySatisfy(failure ->
            assertThat(failure).contains(" times the pinger was disconnected; first reason: "));
  }

  @Test
  void gaugeThatDoesNotFallIsFound() throws IOException {
    assertThat(examine(Fault.COUNT_UP, "storm").getFirst().failures())
        .anySatisfy(failure ->
            assertThat(failure).matches("Not as before after 3 s: fanfare_connections is .*"));
  }

  @Test
  void serverThatIsNotReadyIsFound() throws IOException {
    assertThat(examine(Fault.UNREADY, "queries").getFirst().failures())
        .singleElement()
        .asString()
        .startsWith("Not as before after 3 s: /ready ");
  }

  @Test
  void deadServerEndsTheExamination() throws IOException {
    List<RunResult> results = examine(Fault.DIE, "queries", "silent");
    assertThat(results).hasSize(1);
    assertThat(results.getFirst().failures()).contains("The server's process has ended.");
  }

  @Test
  void startedServerIsStartedAgain() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        "%s -XX:TieredStopAtLevel=1 -cp %s %s DIE {port}"
            .formatted(java, System.getProperty("java.class.path"), TinyServer.class.getName());
    int port = FreePort.number();
    try (ExaminedServer server =
        ExaminedServer.launch(new ComparedServer.Launched("tiny", command), target(port))) {
      List<RunResult> results = run(server, RECOVERY_NS, "queries", "aborts");
      assertThat(results.getFirst().failures()).contains("The server's process has ended.");
      assertThat(results.getLast().failures()).isEmpty();
      assertThat(results).hasSize(2);
    }
  }

  @Test
  void missingServerIsARefusal() throws IOException {
    try (ClosedPort closed = new ClosedPort()) {
      ExaminedServer nowhere = ExaminedServer.running("nowhere", target(closed.number()), 0, null);
      assertThatThrownBy(() -> run(nowhere, RECOVERY_NS, "silent"))
          .isInstanceOf(Refusal.class)
          .hasMessageStartingWith("The bystanders cannot subscribe: ");
    }
  }

  @Test
  void tableHasARowPerAttack() throws IOException {
    List<RunResult> results = examine(Fault.DOUBLE, "aborts", "silent");
    String table = new AbuseTable(results).markdown();
    assertThat(table)
        .contains(
            "| attack |", "| aborts |", "| silent |", "own delay ms", "- silent: sockets that")
        .contains("  - FAILED: 1 deliveries duplicated.");
    assertThat(new AbuseTable(results).plain()).contains("before / peak / after");
  }

  private static List<String> failures(Fault fault) throws IOException {
    return examine(fault, "aborts").getFirst().failures();
  }

  private static List<RunResult> examine(Fault fault, String... attacks) throws IOException {
    try (ForkedServer forked = new ForkedServer(fault)) {
      return run(
          ExaminedServer.running(
              "tiny", target(forked.port()), forked.port(), ServerProcess.of(forked.pid())),
          fault == Fault.NONE ? RECOVERY_NS : FAULTY_NS,
          attacks);
    }
  }

  private static List<RunResult> run(ExaminedServer server, long recoveryNs, String... attacks) {
    AbusePlan plan =
        new AbusePlan(
            Stream.of(attacks).map(AttackCatalog::kind).toList(), SOCKETS, SHORT_NS, recoveryNs);
    return new Examination(server, plan, new Interruption(), _ -> {}).run();
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

  private static double value(RunResult result, String key) {
    return result.value(key).orElseThrow();
  }
}
