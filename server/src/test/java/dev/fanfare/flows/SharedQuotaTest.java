package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes have ten events and ten reads per second together. The time in which they are used up
/// stands still; the shares move in real time.
final class SharedQuotaTest {

  private static final App APP =
      Apps.with(
          PlainApp.APP,
          limits -> limits.withMaxHttpEventsPerSecond(10).withMaxHttpReadsPerSecond(10));
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private TestCluster nodes;
  private Api here;
  private Api there;

  @BeforeEach
  void start() {
    ManualClock clock = new ManualClock();
    nodes = TestCluster.start(TestNode.PARTS, clock.withSystemTime(), 2, APP);
    here = new Api(nodes.node(0).port(), APP);
    there = new Api(nodes.node(1).port(), APP);
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
    nodes.close();
  }

  private static HttpResponse<String> publish(Api api, int events) throws IOException {
    String event = "{\"name\":\"e\",\"data\":\"1\",\"channel\":\"a\"}";
    String all = String.join(",", Collections.nCopies(events, event));
    return api.post("/batch_events", "{\"batch\":[" + all + "]}");
  }

  @Test
  void aNodeWithoutDemandRefusesByItsShareUntilItHasAllOfTheLimit() throws IOException {
    assertThat(publish(here, 3).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = publish(here, 9);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("this request counts as 9 events", "per second are left");
    await().atMost(PATIENCE).until(() -> publish(here, 7).statusCode() == 200);
    assertThat(publish(here, 1).body())
        .contains("; 0 of 10")
        .contains("max_http_events_per_second");
  }

  @Test
  void theShareOfANodeWithLittleDemandIsNamed() throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(here.get("/channels", "").statusCode()).isEqualTo(200);
    }
    await().atMost(PATIENCE).until(() -> here.get("/channels", "").statusCode() == 200);
    await()
        .atMost(PATIENCE)
        .until(() -> {
          var _ = here.get("/channels", "");
          return there.get("/channels", "").body().contains("(this node's share of 10) reads");
        });
  }

  @Test
  void aBatchAboveTheShareIsAcceptedAndOneAboveTheLimitIsNot() throws IOException {
    assertThat(publish(here, 10).statusCode()).isEqualTo(200);
    assertThat(publish(there, 10).statusCode()).isEqualTo(200); // paid off afterwards
    HttpResponse<String> tooMany = there.post("/events", elevenChannels());
    assertThat(tooMany.statusCode()).isEqualTo(400);
    assertThat(tooMany.body()).contains("at most 10 are allowed per second");
  }

  private static String elevenChannels() {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      names.append(i == 0 ? "" : ",").append("\"c").append(i).append('"');
    }
    return "{\"name\":\"e\",\"data\":\"1\",\"channels\":[" + names + "]}";
  }
}
