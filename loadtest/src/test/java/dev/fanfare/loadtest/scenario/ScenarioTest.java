package dev.fanfare.loadtest.scenario;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.client.GeneratorLoop;
import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.measure.Latency;
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
import dev.fanfare.loadtest.testing.ForkedServer;
import dev.fanfare.loadtest.testing.TinyServer;
import dev.fanfare.testing.ClosedPort;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every scenario with a real, if tiny, server; and every kind of fault.
@Timeout(60)
final class ScenarioTest {

  private static final long SHORT_NS = 400_000_000L;

  @Test
  void fanoutDeliversEverything() {
    RunResult result = run(new FanoutScenario(), Fault.NONE, load(20, 2, 2));
    assertThat(result.failures()).isEmpty();
    double delivered = value(result, "delivered");
    assertThat(delivered).isPositive();
    assertThat(delivered % 10).isZero();
    assertThat(value(result, "lost")).isZero();
    assertThat(value(result, "delivery_p50_us")).isPositive();
    assertThat(result.latencies()).hasSize(2);
  }

  @Test
  void fanoutFindsALostMessage() {
    assertThat(run(new FanoutScenario(), Fault.LOSE, faulty()).failures())
        .containsExactly("1 messages lost.");
  }

  @Test
  void fanoutFindsADuplicatedMessage() {
    assertThat(run(new FanoutScenario(), Fault.DOUBLE, faulty()).failures())
        .containsExactly("1 messages duplicated.");
  }

  @Test
  void fanoutFindsAMessageOutOfOrder() {
    assertThat(run(new FanoutScenario(), Fault.SWAP, faulty()).failures())
        .containsExactly("1 messages out of order.");
  }

  @Test
  void fanoutFindsAMessageToTheWrongSubscriber() {
    assertThat(run(new FanoutScenario(), Fault.MISDIRECT, faulty()).failures())
        .containsExactly("1 messages lost.", "1 messages to the wrong subscriber.");
  }

  @Test
  void fanoutFailsWhenASubscriberIsDisconnected() {
    assertThat(run(new FanoutScenario(), Fault.HANG_UP, faulty()).failures())
        .anySatisfy(failure ->
            assertThat(failure)
                .isEqualTo(
                    "The server closed a subscriber's connection: the server closed with 4100"
                        + " slow."));
  }

  @Test
  void stalledSubscribersAreNotMissed() {
    RunResult result = run(new FanoutScenario(), Fault.NONE, slow(4).withStalled(3));
    assertThat(faults(result)).isEmpty();
    assertThat(value(result, "stalled")).isEqualTo(3);
    assertThat(value(result, "stalled_disconnected")).isZero();
    assertThat(value(result, "delivered") % 4).isZero();
    assertThat(result.title()).endsWith(", 3 more stalled");
  }

  @Test
  void stalledSubscribersMayLoseMessagesAndConnection() {
    assertThat(faults(run(new FanoutScenario(), Fault.LOSE, slow(4).withStalled(1)))).isEmpty();
    RunResult result = run(new FanoutScenario(), Fault.HANG_UP, slow(4).withStalled(2));
    assertThat(faults(result)).isEmpty();
    assertThat(value(result, "stalled_disconnected")).isEqualTo(1);
    assertThat(result.remarks())
        .contains(
            "The server disconnected 1 of 2 stalled subscribers; first reason: the server closed"
                + " with 4100 slow.");
  }

  @Test
  void probePingsDuringDeliveries() {
    RunResult result = run(new FanoutScenario(), Fault.NONE, slow(4).withProbe(true));
    assertThat(faults(result)).isEmpty();
    assertThat(value(result, "ping_p50_us")).isPositive();
    assertThat(value(result, "ping_max_us")).isGreaterThanOrEqualTo(value(result, "ping_p99_us"));
    Latency pings = result.latencies().getLast();
    assertThat(pings.name()).isEqualTo("ping");
    assertThat(pings.count()).isPositive();
  }

  @Test
  void disconnectedProbeIsAFailure() {
    RunResult result = run(new FanoutScenario(), Fault.REFUSE_PINGS, slow(4).withProbe(true));
    assertThat(faults(result))
        .containsExactly("The probe failed: the server closed with 4100 slow.");
  }

  @Test
  void compressedMessagesAreChecked() {
    Load half = load(20, 2, 2).withCompressedPercent(50);
    RunResult result = run(new FanoutScenario(), Fault.NONE, half);
    assertThat(result.failures()).isEmpty();
    assertThat(result.title()).endsWith(", 50 % compressed");
    assertThat(value(result, "compressed_percent")).isEqualTo(50);
    double handshakes = 10 * 2;
    assertThat(value(result, "inflated")).isEqualTo(value(result, "delivered") / 2 + handshakes);
    assertThat(
            run(new FanoutScenario(), Fault.LOSE, faulty().withCompressedPercent(100)).failures())
        .containsExactly("1 messages lost.");
  }

  @Test
  void serverWithoutCompressionIsRefused() {
    Load compressed = load(2, 1, 1).withCompressedPercent(100);
    assertThatThrownBy(() -> run(new FanoutScenario(), Fault.STAY_PLAIN, compressed))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "Connection 1 of 2 failed: the server refused the WebSocket upgrade with a response"
                + " without permessage-deflate, which --compressed requires.");
  }

  @Test
  void aFixedRateIsNotExceeded() {
    RunResult result = run(new FanoutScenario(), Fault.NONE, paced(4, 100, Via.HTTP));
    assertThat(value(result, "lost")).isZero();
    assertThat(value(result, "events_per_second")).isBetween(1.0, 105.0);
  }

  @Test
  void clientEventsAreDelivered() {
    RunResult result = run(new FanoutScenario(), Fault.NONE, paced(4, 100, Via.CLIENT_EVENT));
    assertThat(value(result, "lost")).isZero();
    assertThat(value(result, "delivered")).isPositive();
  }

  @Test
  void connectCountsCompleteCycles() {
    RunResult result = run(new ConnectScenario(), Fault.NONE, load(5, 2, 1));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "cycles_per_second")).isPositive();
    assertThat(result.latencies()).hasSize(3);
  }

  @Test
  void httpCountsResponses() {
    RunResult result = run(new HttpScenario(), Fault.NONE, load(1, 1, 3));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "requests_per_second")).isPositive();
  }

  @Test
  void pingPongCountsBothDirections() {
    RunResult result = run(new PingPongScenario(), Fault.NONE, load(6, 1, 1));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "relays_per_second"))
        .isBetween(
            1.9 * value(result, "round_trips_per_second"),
            2.1 * value(result, "round_trips_per_second"));
  }

  @Test
  void presenceNoticesEveryChange() {
    RunResult result = run(new PresenceScenario(), Fault.NONE, load(10, 2, 2));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "noticed")).isPositive();
    assertThat(value(result, "noticed") % 5).isZero();
  }

  @Test
  void idleHoldsItsConnections() {
    RunResult result = run(new IdleScenario(), Fault.NONE, load(10, 2, 1));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "connections")).isEqualTo(10);
  }

  @Test
  void stormReconnectsAllClients() {
    RunResult result = run(new StormScenario(), Fault.NONE, load(20, 2, 1));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "delivered")).isEqualTo(20);
    assertThat(value(result, "forgotten_seconds")).isPositive();
  }

  /// A small storm is over before the first ping, which is sent after 20 ms, so it grows until
  /// there was one. The server replays what an earlier run published to the channels of that run
  /// only.
  @Test
  void stormWaitsForWhatTheServerReplays() throws IOException {
    try (TinyServer server = new TinyServer(Fault.NONE)) {
      server.rewind(3);
      boolean isPinged = false;
      for (int round = 0; round < 100 && (round < 2 || !isPinged); round++) {
        int connections = Math.min(20 << (round / 3), 640);
        Load load = load(connections, 2, 1).withReplay(3).withProbe(true);
        RunResult result =
            run(
                new StormScenario(),
                load.withRun(Load.newRun()),
                target(server.port(), "app-key", "app-secret"));
        assertThat(result.failures()).isEmpty();
        assertThat(value(result, "delivered")).isEqualTo(connections * 4);
        assertThat(value(result, "caught_up_seconds"))
            .isGreaterThanOrEqualTo(value(result, "back_seconds"));
        assertThat(result.title())
            .isEqualTo(
                connections
                    + " connections cut at once and back, 3 events of 64 B replayed to each");
        isPinged = result.figures().stream().anyMatch(each -> each.key().equals("ping_max_us"));
      }
      assertThat(isPinged).isTrue();
    }
  }

  @Test
  void churnDeliversEverythingToWitnesses() {
    RunResult result = run(new ChurnScenario(), Fault.NONE, paced(20, 500, Via.HTTP));
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "connects")).isPositive();
    assertThat(value(result, "delivered")).isPositive();
  }

  @Test
  void churnReadsMemoryBeforeAndAfter() throws IOException {
    RunResult result = churnForked(Fault.NONE);
    assertThat(result.failures()).isEmpty();
    assertThat(value(result, "jit_percent")).isNotNegative();
    for (String kind : List.of("rss", "heap", "direct")) {
      assertThat(value(result, kind + "_bytes_before")).isGreaterThanOrEqualTo(1 << 20);
      assertThat(value(result, kind + "_bytes_after")).isGreaterThanOrEqualTo(1 << 20);
    }
  }

  @Test
  void churnFindsALeak() throws IOException {
    assertThat(churnForked(Fault.LEAK).failures())
        .singleElement(as(InstanceOfAssertFactories.STRING))
        .matches(
            "The server leaks memory: [\\d.]+ MB of live heap after all clients have left,"
                + " [\\d.,]+ [kM]B before; [\\d.]+ MB are allowed\\.");
  }

  @Test
  void wrongSecretIsReportedInTheServersWords() {
    assertThatThrownBy(() -> runAs("app-key", "wrong", load(2, 1, 1)))
        .isInstanceOf(Refusal.class)
        .hasMessage("The server refused to publish: HTTP 401 Invalid signature");
  }

  @Test
  void wrongKeyIsReportedInTheServersWords() {
    assertThatThrownBy(() -> runAs("other-key", "app-secret", load(2, 1, 1)))
        .isInstanceOf(Refusal.class)
        .hasMessage("Connection 1 of 2 failed: the server reported: 4001 No such app.");
  }

  @Test
  void unreachableServerIsReportedInOneSentence() throws IOException {
    try (ClosedPort closed = new ClosedPort()) {
      int port = closed.number();
      assertThatThrownBy(
              () -> run(new FanoutScenario(), load(2, 1, 1), target(port, "app-key", "s")))
          .isInstanceOf(Refusal.class)
          .hasMessage(
              "Connection 1 of 2 failed: 127.0.0.1:%d cannot be reached: the connection was refused."
                  .formatted(port));
    }
  }

  private static RunResult run(Scenario scenario, Fault fault, Load load) {
    try (TinyServer server = new TinyServer(fault)) {
      return run(scenario, load, target(server.port(), "app-key", "app-secret"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RunResult runAs(String key, String secret, Load load) throws IOException {
    try (TinyServer server = new TinyServer(Fault.NONE)) {
      return run(new FanoutScenario(), load, target(server.port(), key, secret));
    }
  }

  private static RunResult churnForked(Fault fault) throws IOException {
    try (ForkedServer server = new ForkedServer(fault)) {
      Target target = target(server.port(), "app-key", "app-secret");
      Subject subject = Subject.of("tiny", target, ServerProcess.of(server.pid()));
      return run(new ChurnScenario(), paced(20, 500, Via.HTTP), subject);
    }
  }

  private static RunResult run(Scenario scenario, Load load, Target target) {
    return run(scenario, load, Subject.of("tiny", target, null));
  }

  private static RunResult run(Scenario scenario, Load load, Subject subject) {
    Progress quiet = new Progress(new PrintStream(PrintStream.nullOutputStream()), false, true);
    try (Rig rig =
        new Rig(
            subject,
            new GeneratorLoop(false),
            SourceAddresses.of(1, subject.target().address()),
            quiet)) {
      return scenario.run(rig, load);
    }
  }

  private static Target target(int port, String key, String secret) {
    return TargetBuilder.builder()
        .host("127.0.0.1")
        .port(port)
        .tls(false)
        .insecure(false)
        .appId("app-id")
        .key(key)
        .secret(secret)
        .build();
  }

  /// Long enough for the event that the server spoils, on a busy machine too.
  private static Load faulty() {
    return load(4, 1, 1, 5 * SHORT_NS);
  }

  private static Load load(int connections, int channels, int publishers) {
    return load(connections, channels, publishers, SHORT_NS);
  }

  private static Load load(int connections, int channels, int publishers, long durationNs) {
    return LoadBuilder.builder()
        .connections(connections)
        .channels(channels)
        .publishers(publishers)
        .window(1)
        .maxUndelivered(64)
        .rate(0)
        .warmupRate(0)
        .size(64)
        .durationNs(durationNs)
        .warmupNs(SHORT_NS)
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

  private static Load paced(int connections, double rate, Via via) {
    return load(connections, 1, 2, 2 * SHORT_NS)
        .withWindow(4)
        .withRate(rate)
        .withWarmupRate(rate)
        .withWarmupNs(0)
        .withPrivateChannels(via == Via.CLIENT_EVENT)
        .withVia(via);
  }

  /// Few enough events to fit into the buffers of subscribers that do not read.
  private static Load slow(int connections) {
    return paced(connections, 100, Via.HTTP);
  }

  /// Failures except that of the rate: a test must not depend on how busy the machine is.
  private static List<String> faults(RunResult result) {
    return result.failures().stream().filter(text -> !text.startsWith("The rate")).toList();
  }

  private static double value(RunResult result, String key) {
    return result.value(key).orElseThrow(() -> new AssertionError("no figure " + key));
  }
}
