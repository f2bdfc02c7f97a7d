package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Redis is away while more is published than a node keeps for another: both count exactly the
/// events that do not arrive.
@Tag("one-node")
final class LostEventsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// More than fits, but so few that no log line is left out.
  private static final int EVENTS = 160;

  private static final int KEPT_BYTES = 1 << 20;
  private static final String PADDING = "x".repeat(9_000);
  private static final Pattern NUMBER = Pattern.compile("number (\\d+)\\.");
  private static final Pattern LOST =
      Pattern.compile(
          "^fanfare_bus_events_lost_total\\{reason=\"[a-z]+\"} (\\d+)", Pattern.MULTILINE);
  private static final Pattern MISSED_METRIC =
      Pattern.compile("^fanfare_bus_events_missed_total (\\d+)", Pattern.MULTILINE);
  private static final Pattern MISSED =
      Pattern.compile("node a .*has dropped (\\d+) events for this node");

  @TempDir private Path folder;

  @Test
  void theNumberOfLostEventsIsTheNumberOfThoseMissing() throws IOException {
    Map<String, String> bounds = Map.of("FANFARE_CLUSTER_OUTAGE_BYTES", String.valueOf(KEPT_BYTES));
    try (RedisNodes nodes = RedisNodes.start(folder, 2, TestNode.APP, bounds);
        RawSocket there = ServerProcess.connect(nodes.node(1).port(), TestNode.APP.key());
        Api api = new Api(nodes.node(0).port(), TestNode.APP)) {
      there.patience(PATIENCE);
      there.subscribe("news");
      there.nextTextContaining("subscription_succeeded");
      api.publish("news", "a", "before");
      assertThat(nextEvent(there)).contains("before");
      nodes.redis().process().kill();
      await().atMost(PATIENCE).until(() -> nodes.isDegraded(0) && nodes.isDegraded(1));
      for (int i = 0; i < EVENTS; i++) {
        api.publish("news", "a", "number " + i + "." + PADDING);
      }
      nodes.redis().process().restart();
      api.publish("news", "a", "after");
      List<Long> arrived = numbersUntilAfter(there);
      long missing = (long) EVENTS - arrived.size();
      assertThat(missing).isPositive().isLessThan(EVENTS);
      assertThat(arrived).isSorted().doesNotHaveDuplicates();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(sum(LOST, metrics(nodes.node(0)))).as("the sender").isEqualTo(missing);
            assertThat(sum(MISSED, String.join("\n", nodes.node(1).output())))
                .as("the receiver")
                .isEqualTo(missing);
            assertThat(sum(MISSED_METRIC, metrics(nodes.node(1)))).isEqualTo(missing);
          });
      assertThat(sum(LOST, metrics(nodes.node(1)))).isZero();
      assertThat(sum(MISSED_METRIC, metrics(nodes.node(0)))).isZero();
    }
  }

  private static String nextEvent(RawSocket socket) throws IOException {
    return socket.nextTextContaining("\"event\":\"a\"");
  }

  private static List<Long> numbersUntilAfter(RawSocket socket) throws IOException {
    List<Long> numbers = new ArrayList<>();
    String event = nextEvent(socket);
    while (!event.contains("after")) {
      numbers.add(number(NUMBER.matcher(event).results().findFirst().orElseThrow()));
      event = nextEvent(socket);
    }
    return numbers;
  }

  private static long sum(Pattern pattern, String text) {
    return pattern.matcher(text).results().mapToLong(LostEventsTest::number).sum();
  }

  private static long number(MatchResult match) {
    return Long.parseLong(match.group(1));
  }

  private static String metrics(RunningServer node) throws IOException {
    try (RawHttp http = new RawHttp(node.metricsPort(), PATIENCE)) {
      return http.send(RawHttp.request("GET", "/metrics", "")).next().body();
    }
  }
}
