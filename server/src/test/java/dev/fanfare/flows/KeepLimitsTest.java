package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.event;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `keep` and `ttl` of an event, with which a publisher limits how long it is kept.
@Tag("one-node")
final class KeepLimitsTest {

  private static final App APP = PlainApp.APP.withHistory(List.of(HistoryRule.DEFAULTS));

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() {
    node = TestNode.start(clock, APP);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private RawSocket tagged() throws IOException {
    return RawSocket.established(node.port(), APP.key() + "/phone");
  }

  @Test
  void aPublisherLimitsHowLongAnEventIsKept() throws IOException {
    String kept;
    try (RawSocket first = tagged()) {
      subscribe(first, "feed");
      String body =
          "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"0\",\"info\":\"id\",\"keep\":false}";
      assertThat(api.post("/events", body).body())
          .as("no id")
          .isEqualTo("{\"channels\":{\"feed\":{}}}");
      assertThat(first.nextText())
          .isEqualTo("{\"event\":\"e\",\"channel\":\"feed\",\"data\":\"0\"}");
      kept = KeptEvents.publish(api, "feed", "1", "");
      assertThat(first.nextText()).isEqualTo(event("feed", "1", kept));
      String brief = KeptEvents.publish(api, "feed", "2", ",\"ttl\":60");
      assertThat(first.nextText()).isEqualTo(event("feed", "2", brief));
      first.sendClose(1000, "");
      assertThat(first.nextClose().closeCode()).isEqualTo(1000);
    }
    clock.advance(Duration.ofSeconds(59));
    assertThat(api.get("/channels/feed/events", "").body()).contains("\"1\"", "\"2\"");
    clock.advance(Duration.ofSeconds(1));
    assertThat(api.get("/channels/feed/events", "").body())
        .contains("\"1\"")
        .doesNotContain("\"2\"");
    try (RawSocket second = tagged()) {
      subscribe(second, "feed");
      assertThat(second.nextText()).isEqualTo(event("feed", "1", kept));
      confirm(second, "f1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"keep\":0", "\"keep\":\"no\"", "\"ttl\":0", "\"ttl\":-1", "\"ttl\":1.5"})
  void aWrongLimitOfAnEventIsRefused(String member) throws IOException {
    String body = "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"0\"," + member + "}";
    assertThat(PlainApp.line(api.post("/events", body)))
        .isEqualTo(
            member.contains("keep")
                ? "400 keep must be true or false"
                : "400 ttl must be a whole number from 1 to 31536000");
    try (TestNode plain = TestNode.start(PlainApp.APP);
        Api other = new Api(plain)) {
      assertThat(PlainApp.line(other.post("/events", body)))
          .as("without rules")
          .isEqualTo("200 {}");
    }
  }
}
