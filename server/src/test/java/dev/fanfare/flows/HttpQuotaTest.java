package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What an app may publish and read over HTTP in one second: five events and three reads here.
@Tag("one-node")
final class HttpQuotaTest {

  private static final App APP =
      Apps.with(
          PlainApp.APP,
          limits -> limits.withMaxHttpEventsPerSecond(5).withMaxHttpReadsPerSecond(3));

  private final ManualClock clock = new ManualClock();
  private final List<String> exceeded = new CopyOnWriteArrayList<>();
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() {
    ServerListener listener =
        new ServerListener() {
          @Override
          public void on(Observation observation) {
            switch (observation) {
              case Observation.QuotaExceeded(var app, var quota) -> quotaExceeded(app, quota);
              default -> {}
            }
          }

          private void quotaExceeded(App app, Quota quota) {
            exceeded.add(app.id() + " " + quota.setting());
          }
        };
    node =
        TestNode.start(TestNode.options(0), clock.withSystemTime(), listener, APP, PlainApp.OTHER);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private HttpResponse<String> publish(String... channels) throws IOException {
    String names = "\"" + String.join("\",\"", channels) + "\"";
    return api.post("/events", "{\"name\":\"e\",\"data\":\"1\",\"channels\":[" + names + "]}");
  }

  private HttpResponse<String> publishBatch(int events) throws IOException {
    String event = "{\"name\":\"e\",\"data\":\"1\",\"channel\":\"a\"}";
    String all = String.join(",", java.util.Collections.nCopies(events, event));
    return api.post("/batch_events", "{\"batch\":[" + all + "]}");
  }

  private static String refused(int count, int left) {
    return "429 Over quota: this request counts as "
        + count
        + " events, one for each channel of each event; "
        + left
        + " of 5 per second are left (max_http_events_per_second)";
  }

  @Test
  void theSixthEventOfASecondIsRefusedAndAFifthOfASecondLaterOnePasses() throws IOException {
    try (RawSocket socket = subscriber(node, "a")) {
      for (int i = 0; i < 5; i++) {
        assertThat(line(publish("a"))).isEqualTo("200 {}");
      }
      HttpResponse<String> sixth = publish("a");
      assertThat(line(sixth)).isEqualTo(refused(1, 0));
      assertThat(sixth.headers().firstValue("Retry-After")).contains("1");
      assertThat(sixth.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
      clock.advance(Duration.ofMillis(200));
      assertThat(line(publish("a"))).isEqualTo("200 {}");
      assertThat(line(publish("a"))).isEqualTo(refused(1, 0));
      assertThat(exceeded)
          .containsExactly("3 max_http_events_per_second", "3 max_http_events_per_second");
      for (int i = 0; i < 6; i++) {
        assertThat(socket.nextText()).isEqualTo(frame("e", "a", "\"1\""));
      }
      socket.expectNothing();
    }
  }

  @Test
  void anEventCountsOnceForEachOfItsDifferentChannels() throws IOException {
    assertThat(line(publish("a", "b", "a", "c"))).isEqualTo("200 {}");
    assertThat(line(publish("a", "b", "c"))).isEqualTo(refused(3, 2));
    assertThat(line(publish("a", "a", "b"))).isEqualTo("200 {}");
    assertThat(line(publish("a"))).isEqualTo(refused(1, 0));
  }

  @Test
  void aBatchIsAcceptedOrRefusedAsAWhole() throws IOException {
    try (RawSocket socket = subscriber(node, "a")) {
      assertThat(line(publishBatch(3))).isEqualTo("200 {}");
      assertThat(line(publishBatch(3))).isEqualTo(refused(3, 2));
      assertThat(line(publishBatch(2))).isEqualTo("200 {}");
      for (int i = 0; i < 5; i++) {
        assertThat(socket.nextText()).isEqualTo(frame("e", "a", "\"1\""));
      }
      socket.expectNothing();
    }
  }

  @Test
  void aRequestThatCanNeverPassGetsNoRetryAfter() throws IOException {
    HttpResponse<String> answer = publishBatch(6);
    assertThat(line(answer))
        .isEqualTo(
            "400 Over quota: this request counts as 6 events, one for each channel of each event;"
                + " at most 5 are allowed per second (max_http_events_per_second)");
    assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    assertThat(line(publishBatch(5))).isEqualTo("200 {}");
  }

  @Test
  void theOldEndpointCountsToo() throws IOException {
    assertThat(line(publishBatch(4))).isEqualTo("200 {}");
    String path = "/apps/3/channels/a/events";
    assertThat(line(api.send("POST", path, "name=e", "1"))).isEqualTo("202 202 ACCEPTED\n");
    assertThat(line(api.send("POST", path, "name=e", "1"))).isEqualTo(refused(1, 0));
  }

  @Test
  void refusedPublishesDoNotCount() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String path = "/apps/3/events";
      String body = "{\"name\":\"e\",\"data\":\"1\",\"channel\":\"a\"}";
      String forged =
          RawHttp.query(APP, "POST", path, body).replaceAll("signature=.", "signature=z");
      http.send(RawHttp.request("POST", path + "?" + forged, body));
      assertThat(http.next().status()).isEqualTo(401);
    }
    String large = "x".repeat(10_241);
    assertThat(publish("not a name").statusCode()).isEqualTo(400);
    assertThat(api.post("/events", "nonsense").statusCode()).isEqualTo(400);
    assertThat(
            api.post("/events", "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"" + large + "\"}")
                .statusCode())
        .isEqualTo(413);
    assertThat(
            api.post(
                    "/events",
                    "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"1\",\"info\":\"nonsense\"}")
                .statusCode())
        .isEqualTo(400);
    assertThat(publishBatch(11).statusCode()).isEqualTo(400);
    assertThat(exceeded).isEmpty();
    assertThat(line(publishBatch(5))).isEqualTo("200 {}");
  }

  @Test
  void theFourthReadOfASecondIsRefused() throws IOException {
    assertThat(api.get("/channels", "").statusCode()).isEqualTo(200);
    assertThat(api.get("/channels/presence-a", "").statusCode()).isEqualTo(200);
    assertThat(api.get("/channels/presence-a/users", "").statusCode()).isEqualTo(200);
    String text = "429 Over quota: 0 of 3 reads per second are left (max_http_reads_per_second)";
    HttpResponse<String> fourth = api.get("/channels", "");
    assertThat(line(fourth)).isEqualTo(text);
    assertThat(fourth.headers().firstValue("Retry-After")).contains("1");
    assertThat(line(api.get("/channels/a", ""))).isEqualTo(text);
    assertThat(line(api.get("/channels/presence-a/users", ""))).isEqualTo(text);
    assertThat(exceeded).hasSize(3).containsOnly("3 max_http_reads_per_second");
    assertThat(line(publishBatch(5))).as("events are counted separately").isEqualTo("200 {}");
    clock.advance(Duration.ofSeconds(1));
    assertThat(api.get("/channels", "").statusCode()).isEqualTo(200);
  }

  @Test
  void refusedReadsDoNotCount() throws IOException {
    assertThat(api.get("/channels", "info=user_count").statusCode()).isEqualTo(400);
    assertThat(api.get("/channels/a", "info=nonsense").statusCode()).isEqualTo(400);
    assertThat(api.get("/channels/a/users", "").statusCode()).isEqualTo(400);
    assertThat(api.get("/nothing", "").statusCode()).isEqualTo(404);
    assertThat(api.post("/users/u/terminate_connections", "{}").statusCode()).isEqualTo(200);
    for (int i = 0; i < 3; i++) {
      assertThat(api.get("/channels", "").statusCode()).isEqualTo(200);
    }
    assertThat(api.get("/channels", "").statusCode()).isEqualTo(429);
  }

  @Test
  void anotherAppIsNotAffected() throws IOException {
    assertThat(line(publishBatch(5))).isEqualTo("200 {}");
    assertThat(publish("a").statusCode()).isEqualTo(429);
    try (Api other = new Api(node.port(), PlainApp.OTHER)) {
      for (int i = 0; i < 20; i++) {
        other.publish("a", "e", "1");
        assertThat(other.get("/channels", "").statusCode()).isEqualTo(200);
      }
    }
  }
}
