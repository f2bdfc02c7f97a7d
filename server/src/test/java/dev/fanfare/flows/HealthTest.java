package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RefusedLog;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Health checks, and the refusals of a node that accepts no more connections.
final class HealthTest {

  private final TestNode node = TestNode.start();

  @AfterEach
  void stop() {
    node.close();
  }

  private Answer get(String path) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      return http.send(RawHttp.request("GET", path, "")).next();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/live", "/ready", "/", "/up", "/accept-traffic"})
  void aHealthyNodeSaysSo(String path) throws IOException {
    Answer answer = get(path);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ready", "/accept-traffic"})
  @Tag("one-node")
  void anUnreadyNodeReportsTheReason(String path) throws IOException {
    node.server().readiness().refuse(Cause.FILES, "No files are left");
    node.server().readiness().refuse(Cause.MEMORY, "No memory is left");
    Answer answer = get(path);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.reason()).isEqualTo("No files are left\nNo memory is left");
    assertThat(get("/live").status()).as("live although not ready").isEqualTo(200);
  }

  @Test
  @Tag("one-node")
  void notesFollowTheAnswerAndChangeNothingElse() throws IOException {
    Readiness readiness = node.server().readiness();
    readiness.note(Cause.CLUSTER, List.of("degraded: node-b is silent", "degraded: so is node-c"));
    Answer ready = get("/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.body()).isEqualTo("OK\ndegraded: node-b is silent\ndegraded: so is node-c");
    node.connect().close();
    assertThat(readiness.isAgainst(Cause.CLUSTER)).isFalse();

    readiness.discourage(Cause.CLUSTER, "Joining the cluster");
    Answer unready = get("/ready");
    assertThat(unready.status()).isEqualTo(503);
    assertThat(unready.reason())
        .isEqualTo("Joining the cluster\ndegraded: node-b is silent\ndegraded: so is node-c");

    readiness.allow(Cause.CLUSTER);
    readiness.note(Cause.CLUSTER, List.of("degraded: node-b is silent"));
    assertThat(get("/ready").body()).isEqualTo("OK\ndegraded: node-b is silent");
    readiness.note(Cause.CLUSTER, List.of());
    assertThat(get("/ready").body()).isEqualTo("OK");
  }

  /// Load balancers send one every second.
  @Test
  @Tag("one-node")
  void aHealthCheckIsNotLoggedAsARefusal() throws IOException {
    RefusedLog refused = new RefusedLog();
    try (TestNode own =
            TestNode.start(
                TestNode.options(0), FanfareServer.Clocks.SYSTEM, refused, TestNode.APP);
        RawHttp http = new RawHttp(own.port())) {
      own.server().readiness().discourage(Cause.SHUTDOWN, "The server is shutting down");
      assertThat(http.send(RawHttp.request("GET", "/ready", "")).next().status()).isEqualTo(503);
      http.send(RawHttp.request("GET", "/nowhere", "")).next();
      assertThat(refused.next()).contains("/nowhere");
      assertThat(refused.isEmpty()).isTrue();
    }
  }

  @Test
  @Tag("one-node")
  void aDrainingNodeReportsUnreadyAndStillAcceptsConnections() throws IOException {
    node.server().readiness().discourage(Cause.SHUTDOWN, "The server is shutting down");
    Answer answer = get("/ready");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.reason()).isEqualTo("The server is shutting down");
    try (RawSocket late = node.connect()) {
      late.subscribe("news");
      assertThat(late.nextTextContaining("subscription_succeeded")).contains("news");
    }
  }

  @Test
  void newConnectionsAreRefusedAndOldOnesKeepWorking() throws IOException {
    try (RawSocket old = node.connect()) {
      node.server().readiness().refuse(Cause.FILES, "No files are left");
      String target = "/app/" + node.app().key() + "?protocol=7";
      try (RawSocket late = RawSocket.upgraded(node.port(), target)) {
        assertThat(late.nextText())
            .isEqualTo(
                "{\"event\":\"pusher:error\",\"data\":{\"code\":4100,\"message\":\"No files are"
                    + " left\"}}");
        RawSocket.Frame close = late.nextClose();
        assertThat(close.closeCode()).isEqualTo(4100);
        assertThat(close.closeReason()).isEqualTo("No files are left");
      }
      old.subscribe("news");
      old.nextTextContaining("subscription_succeeded");
      node.server().readiness().allow(Cause.FILES);
      node.connect().close();
    }
  }

  @Test
  void memoryIsReportedInSoketisFormat() throws IOException {
    assertThat(get("/usage").body())
        .matches(
            "\\{\"memory\":\\{\"free\":\\d+,\"used\":\\d+,\"total\":\\d+,\"percent\":\\d{1,3}}}");
  }
}
