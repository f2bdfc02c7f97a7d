package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long an idle HTTP connection stays open, and the time-out that its client is sent.
final class KeepAliveTest {

  private static final String REQUEST = RawHttp.request("GET", "/live", "");

  private final ManualClock clock = new ManualClock();

  private TestNode start(int keepAliveSeconds) {
    ServerOptions options = TestNode.options(0).withLanes(1).withKeepAliveSeconds(keepAliveSeconds);
    FanfareServer.Clocks clocks = clock.withSystemTime();
    return TestNode.start(options, clocks, ServerListener.NONE, PlainApp.APP);
  }

  @Test
  void theDefaultOutlastsTheLoadBalancerOfGoogleCloud() {
    assertThat(ServerOptions.DEFAULTS.keepAliveSeconds()).isEqualTo(660);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 660})
  void anIdleConnectionIsClosedAfterTheAnnouncedTime(int seconds) throws IOException {
    try (TestNode node = start(seconds);
        RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 3; i++) {
        Answer answer = http.send(REQUEST).next();
        assertThat(answer.header("Connection")).isEqualTo("keep-alive");
        assertThat(answer.header("Keep-Alive")).isEqualTo("timeout=" + seconds);
        clock.advance(Duration.ofSeconds(seconds - 1));
      }
      assertThat(http.send(REQUEST).next().status()).isEqualTo(200);
      clock.advance(Duration.ofSeconds(seconds));
      assertThat(http.isEnded()).isTrue();
    }
  }

  @Test
  void aResponseThatClosesTheConnectionAnnouncesNoTime() throws IOException {
    try (TestNode node = start(5);
        RawHttp http = new RawHttp(node.port())) {
      Answer answer = http.send(RawHttp.request("GET", "/live", "", "Connection: close")).next();
      assertThat(answer.header("Connection")).isEqualTo("close");
      assertThat(answer.header("Keep-Alive")).isNull();
    }
  }

  /// `head_timeout_seconds` limits connections that never sent anything.
  @Test
  void aConnectionWithoutARequestIsNotIdle() throws IOException {
    try (TestNode node = start(1);
        RawHttp http = new RawHttp(node.port())) {
      try (RawHttp probe = new RawHttp(node.port())) {
        probe.send(REQUEST).next();
        clock.advance(Duration.ofSeconds(9));
        assertThat(probe.isEnded()).as("the sweep has passed").isTrue();
      }
      assertThat(http.send(REQUEST).next().status()).isEqualTo(200);
    }
  }

  /// Publishers and balancers see `Connection: close` from the first moment of a drain.
  @Test
  @Tag("one-node")
  void duringADrainEveryResponseClosesItsConnection() throws IOException {
    try (TestNode node = start(660);
        RawHttp before = new RawHttp(node.port())) {
      before.send(REQUEST).next();
      node.server().startDrain();
      try (RawHttp fresh = new RawHttp(node.port())) {
        for (RawHttp http : List.of(before, fresh)) {
          String publish =
              RawHttp.signed(
                  PlainApp.APP,
                  "POST",
                  "/events",
                  "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"1\"}");
          Answer answer = http.send(publish).next();
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.header("Connection")).isEqualTo("close");
          assertThat(answer.header("Keep-Alive")).isNull();
          assertThat(http.isEnded()).isTrue();
        }
      }
      try (RawHttp refused = new RawHttp(node.port())) {
        Answer answer = refused.send(RawHttp.request("GET", "/nowhere", "")).next();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Connection")).isEqualTo("close");
      }
    }
  }

  @Test
  @Tag("one-node")
  void duringADrainPipelinedRequestsAreAllAnswered() throws IOException {
    try (TestNode node = start(660)) {
      node.server().startDrain();
      try (RawHttp http = new RawHttp(node.port())) {
        String webhooks = RawHttp.signed(PlainApp.APP, "GET", "/webhooks", ""); // answered later
        http.send(REQUEST + webhooks + REQUEST + webhooks);
        for (int i = 0; i < 3; i++) {
          Answer answer = http.next();
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.header("Connection")).isEqualTo("keep-alive");
        }
        Answer last = http.next();
        assertThat(last.status()).isEqualTo(200);
        assertThat(last.header("Connection")).isEqualTo("close");
        assertThat(http.isEnded()).isTrue();
      }
    }
  }

  @Test
  @Tag("one-node")
  void duringADrainIdleConnectionsAreClosedAndRequestsInProgressAnswered() throws IOException {
    try (TestNode node = start(660);
        RawHttp idle = new RawHttp(node.port());
        RawSocket busy = new RawSocket(node.port())) {
      idle.send(REQUEST).next();
      busy.send(REQUEST.substring(0, 10));
      try (RawHttp probe = new RawHttp(node.port())) {
        probe.send(REQUEST).next();
      }
      node.server().startDrain();
      clock.advance(Duration.ofSeconds(1));
      assertThat(idle.isEnded()).isTrue();
      busy.send(REQUEST.substring(10));
      assertThat(busy.readHead()).startsWith("HTTP/1.1 200 OK").contains("connection: close");
    }
  }
}
