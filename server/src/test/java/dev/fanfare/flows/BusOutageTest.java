package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two nodes whose bus fails: each serves its own clients, and afterwards nothing is missing.
@Tag("one-node")
final class BusOutageTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TestCluster cluster = TestCluster.start(2, TestNode.APP);

  @AfterEach
  void stop() {
    cluster.close();
  }

  private RawSocket subscribed(int node) throws IOException {
    RawSocket socket = cluster.node(node).connect();
    socket.patience(PATIENCE);
    socket.subscribe("news");
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  private RawHttp.Answer ready(int node) throws IOException {
    try (RawHttp http = new RawHttp(cluster.node(node).port())) {
      return http.send(RawHttp.request("GET", "/ready", "")).next();
    }
  }

  @Test
  void eventsOfAnOutageArriveAfterItOnceAndInOrder() throws IOException {
    try (RawSocket here = subscribed(0);
        RawSocket there = subscribed(1);
        Api api = new Api(cluster.node(0))) {
      api.publish("news", "a", "before");
      assertThat(nextEvent(there)).contains("before");
      assertThat(nextEvent(here)).contains("before");
      cluster.engine().stop();
      for (int i = 0; i < 20; i++) {
        api.publish("news", "a", "number " + i + ".");
        assertThat(nextEvent(here)).contains("number " + i + ".");
      }
      cluster.await(0, state -> !state.isHearing());
      cluster.await(1, state -> !state.isHearing());
      RawHttp.Answer degraded = ready(0);
      assertThat(degraded.status()).isEqualTo(200);
      assertThat(degraded.body())
          .as("the other node may have had no time to confirm the event before the outage")
          .matches(
              "OK\ndegraded: the bus memory://test has not answered for \\d+ s \\(stopped\\); local"
                  + " delivery continues, 2[01] events are waiting for 1 node");

      cluster.engine().start();
      for (int i = 0; i < 20; i++) {
        assertThat(nextEvent(there)).contains("number " + i + ".");
      }
      api.publish("news", "a", "after");
      assertThat(nextEvent(there)).contains("after");
      cluster.await(0, ClusterState::isHearing);
      cluster.await(1, ClusterState::isHearing);
      assertThat(ready(0).body()).isEqualTo("OK");
      assertThat(cluster.state(0).mesh().totals().lost().values()).allMatch(lost -> lost == 0);
    }
  }

  private static String nextEvent(RawSocket socket) throws IOException {
    return socket.nextTextContaining("\"event\":\"a\"");
  }

  @Test
  void aNodeThatStartsWithoutTheBusIsUnreadyUntilItJoins() throws IOException {
    cluster.engine().stop();
    TestNode late = cluster.add();
    RawHttp.Answer unready;
    try (RawHttp http = new RawHttp(late.port())) {
      unready = http.send(RawHttp.request("GET", "/ready", "")).next();
    }
    assertThat(unready.status()).isEqualTo(503);
    assertThat(unready.reason())
        .startsWith("The bus memory://test has not been reached since the start:");
    try (RawSocket accepted = late.connect()) {
      accepted.subscribe("news");
      accepted.nextTextContaining("subscription_succeeded");
    }
    cluster.engine().start();
    cluster.awaitJoined();
    assertThat(ready(2).body()).isEqualTo("OK");
  }
}
