package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.line;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `/apps/ID/webhooks`: listing, replaying and purging an app's webhooks.
@Tag("one-node")
final class WebhooksApiTest {

  private static final String EVENT = "{\"name\":\"channel_occupied\",\"channel\":\"a\"}";

  /// No receiver is running, so replayed events stay pending.
  private static final String HOOK = "http://127.0.0.1:1/hook";

  private static final String NO_COUNTS =
      "\"counts\":{\"accepted\":0,\"delivered\":0,\"died\":0,\"pending\":0,\"dead_letters\":0}";

  private final Outbox outbox = Outboxes.inMemory(100);
  private final App app = PlainApp.APP.withWebhooks(List.of(WebhookEndpoint.at(HOOK)));
  private final TestNode node = TestNode.start(outbox, app, PlainApp.OTHER);
  private final Api api = new Api(node);

  private List<Entry> entries = List.of();

  @BeforeEach
  void acceptThree() {
    Draft draft = new Draft("3", HOOK, "a", 1_327_078_148_132L, EVENT);
    entries = outbox.accept(List.of(draft, draft, draft));
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private static String pending(long id) {
    return "{\"id\":"
        + id
        + ",\"state\":\"pending\",\"endpoint\":\""
        + HOOK
        + "\",\"channel\":\"a\","
        + "\"created_ms\":1327078148132,\"event\":"
        + EVENT
        + "}";
  }

  private static String dead(long id) {
    return pending(id)
        .replace("pending", "dead")
        .replace(
            EVENT + "}",
            EVENT + ",\"died_ms\":1327078448132,\"attempts\":9,\"reason\":\"HTTP 500\"}");
  }

  private void die(Entry... some) {
    for (int attempt = 1; attempt <= 9; attempt++) {
      outbox.attempted(List.of(some));
    }
    outbox.dead(List.of(some), 1_327_078_448_132L, "HTTP 500");
  }

  private static String counts(int delivered, int died, int pending, int dead) {
    return "\"counts\":{\"accepted\":3,\"delivered\":"
        + delivered
        + ",\"died\":"
        + died
        + ",\"pending\":"
        + pending
        + ",\"dead_letters\":"
        + dead
        + "},\"durable\":false}";
  }

  @Test
  void deadLettersAreListedUnlessPendingOnesAreRequested() throws IOException {
    die(entries.get(1));
    String counts = counts(0, 1, 2, 1);
    assertThat(line(api.get("/webhooks", "")))
        .isEqualTo("200 {\"webhooks\":[" + dead(2) + "]," + counts);
    assertThat(line(api.get("/webhooks", "state=pending")))
        .isEqualTo("200 {\"webhooks\":[" + pending(1) + "," + pending(3) + "]," + counts);
  }

  @Test
  void aLongListIsPaged() throws IOException {
    die(entries.toArray(Entry[]::new));
    String counts = counts(0, 3, 0, 3);
    assertThat(line(api.get("/webhooks", "limit=2")))
        .isEqualTo("200 {\"webhooks\":[" + dead(1) + "," + dead(2) + "],\"next\":2," + counts);
    assertThat(line(api.get("/webhooks", "after=2&limit=1")))
        .isEqualTo("200 {\"webhooks\":[" + dead(3) + "]," + counts);
  }

  @Test
  void oneDeadLetterIsShown() throws IOException {
    die(entries.get(1));
    outbox.delivered(entries.subList(2, 3));
    assertThat(line(api.get("/webhooks/1", ""))).isEqualTo("200 " + pending(1));
    assertThat(line(api.get("/webhooks/2", ""))).isEqualTo("200 " + dead(2));
    assertThat(line(api.get("/webhooks/3", "")))
        .isEqualTo(
            "404 This app has no webhook 3 that is pending or dead: it was delivered, replayed,"
                + " deleted or dropped, or never existed");
  }

  @Test
  void aReplayIsANewPendingEvent() throws IOException {
    die(entries.get(1));
    assertThat(line(api.post("/webhooks/2/replay", "")))
        .isEqualTo("200 {\"id\":4,\"replay_of\":2}");
    Entry replayed = Outboxes.pending(outbox).getLast();
    assertThat(replayed.draft().event()).isEqualTo(EVENT);
    assertThat(replayed.draft().createdMs()).isGreaterThan(1_700_000_000_000L);
    assertThat(line(api.post("/webhooks/2/replay", "")))
        .isEqualTo("404 This app has no dead webhook 2");
    assertThat(line(api.post("/webhooks/1/replay", "")))
        .isEqualTo("404 This app has no dead webhook 1; it is still pending");
  }

  @Test
  void aPurgeDeletesTheDeadLetters() throws IOException {
    die(entries.get(0), entries.get(1));
    assertThat(line(api.send("DELETE", "/apps/3/webhooks", "", "")))
        .isEqualTo("200 {\"purged\":2}");
    assertThat(line(api.get("/webhooks", "")))
        .isEqualTo("200 {\"webhooks\":[]," + counts(0, 2, 1, 0));
  }

  @Test
  void someAreListedReplayedAndPurged() throws IOException {
    die(entries.toArray(Entry[]::new));
    String hook = "endpoint=http%3A%2F%2F127.0.0.1%3A1%2Fhook";
    assertThat(line(api.get("/webhooks", "until_ms=1327078148132")))
        .isEqualTo("200 {\"webhooks\":[]," + counts(0, 3, 0, 3));
    assertThat(line(api.get("/webhooks", hook + "&limit=1&since_ms=1327078148132")))
        .startsWith("200 {\"webhooks\":[" + dead(1) + "],\"next\":1,");
    assertThat(line(api.send("POST", "/apps/3/webhooks/replay", "endpoint=http%3A%2F%2Fx", "")))
        .isEqualTo("200 {\"replayed\":0}");
    assertThat(line(api.send("DELETE", "/apps/3/webhooks", "until_ms=9", "")))
        .isEqualTo("200 {\"purged\":0}");
    assertThat(line(api.send("POST", "/apps/3/webhooks/replay", hook, "")))
        .isEqualTo("200 {\"replayed\":3}");
    assertThat(Outboxes.pending(outbox)).extracting(Entry::id).containsExactly(4L, 5L, 6L);
    outbox.dead(Outboxes.pending(outbox), 1_327_078_448_132L, "HTTP 500");
    assertThat(line(api.send("DELETE", "/apps/3/webhooks", hook + "&since_ms=1327078148133", "")))
        .isEqualTo("200 {\"purged\":3}");
  }

  @Test
  void anotherAppSeesNone() throws IOException {
    die(entries.get(1));
    try (Api others = new Api(node.port(), PlainApp.OTHER)) {
      assertThat(line(others.get("/webhooks", ""))).startsWith("200 {\"webhooks\":[],");
      assertThat(others.get("/webhooks/1", "").statusCode()).isEqualTo(404);
      assertThat(others.get("/webhooks/2", "").statusCode()).isEqualTo(404);
      assertThat(others.post("/webhooks/2/replay", "").statusCode()).isEqualTo(404);
      assertThat(line(others.send("POST", "/apps/4/webhooks/replay", "", "")))
          .isEqualTo("200 {\"replayed\":0}");
      assertThat(line(others.send("DELETE", "/apps/4/webhooks", "", "")))
          .isEqualTo("200 {\"purged\":0}");
    }
    assertThat(api.get("/webhooks/2", "").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          state=lost | state is "lost", but must be dead or pending
          limit=0 | limit is "0", but must be a whole number from 1 to 1000
          limit=1001 | limit is "1001", but must be a whole number from 1 to 1000
          limit=99999999999 | limit is "99999999999", but must be a whole number from 1 to 1000
          limit=%20 | limit is " ", but must be a whole number from 1 to 1000
          after=-1 | after is "-1", but must be a webhook id, or 0
          endpoint= | endpoint is empty, but must be the URL of an endpoint
          since_ms=x | since_ms is "x", but must be milliseconds since 1970 (UTC)
          until_ms=-1 | until_ms is "-1", but must be milliseconds since 1970 (UTC)
          after=x | after is "x", but must be a webhook id, or 0
          """)
  void badParametersAreExplained(String query, String reason) throws IOException {
    assertThat(line(api.get("/webhooks", query))).isEqualTo("400 " + reason);
  }

  @Test
  void anIdIsANumber() throws IOException {
    assertThat(line(api.get("/webhooks/x1", "")))
        .isEqualTo("400 A webhook id is a number, not \"x1\"");
    assertThat(line(api.post("/webhooks/-1/replay", "")))
        .isEqualTo("400 A webhook id is a number, not \"-1\"");
  }

  @Test
  void aSignatureIsRequired() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      for (String request :
          List.of(
              "GET /apps/3/webhooks",
              "DELETE /apps/3/webhooks",
              "GET /apps/3/webhooks/1",
              "POST /apps/3/webhooks/replay",
              "POST /apps/3/webhooks/1/replay")) {
        http.send(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        assertThat(http.next().status()).as(request).isEqualTo(401);
      }
      http.send("POST /apps/3/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      assertThat(http.next().header("Allow")).isEqualTo("GET, HEAD, DELETE, OPTIONS");
    }
  }

  /// The disk is slow: other connections do not wait, and later requests on the same connection are
  /// answered in order.
  @Test
  void aSlowAnswerDelaysItsOwnConnectionOnly() throws IOException {
    try (RawHttp http = new RawHttp(node.port());
        RawHttp other = new RawHttp(node.port())) {
      String list = RawHttp.signed(PlainApp.APP, "GET", "/webhooks/9", "");
      String unknown = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
      String publish =
          RawHttp.signed(
              PlainApp.APP, "POST", "/events", "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"1\"}");
      synchronized (outbox) { // every query waits
        http.send(list + unknown + list + publish + unknown);
        for (int i = 0; i < 20; i++) {
          assertThat(other.send(unknown).next().status()).isEqualTo(404);
        }
      }
      assertThat(http.next().body()).startsWith("This app has no webhook 9");
      assertThat(http.next().reason()).isEqualTo("Unknown path /nowhere");
      assertThat(http.next().body()).startsWith("This app has no webhook 9");
      assertThat(http.next().body()).isEqualTo("{}");
      assertThat(http.next().reason()).isEqualTo("Unknown path /nowhere");
    }
  }

  /// The shortest possible requests: about two hundred fit into one read.
  @Test
  void thousandsOfRequestsMayWaitBehindASlowAnswer() throws IOException {
    int many = 2_000;
    try (RawHttp http = new RawHttp(node.port())) {
      synchronized (outbox) {
        http.send(
            RawHttp.signed(PlainApp.APP, "GET", "/webhooks/9", "")
                + "GET /x HTTP/1.1\r\nHost: x\r\n\r\n".repeat(many));
      }
      assertThat(http.next().body()).startsWith("This app has no webhook 9");
      for (int i = 0; i < many; i++) {
        assertThat(http.next().reason()).isEqualTo("Unknown path /x");
      }
    }
  }

  @Test
  void aConnectionThatClosesAfterASlowAnswerGetsIt() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(RawHttp.signed(PlainApp.OTHER, "GET", "/webhooks", "", "Connection: close"));
      assertThat(http.next().body()).isEqualTo("{\"webhooks\":[]," + counts(0, 0, 3, 0));
      assertThat(http.isEnded()).isTrue();
    }
  }

  @Test
  void requestsCountAsReads() throws IOException {
    App once = Apps.with(PlainApp.APP, limits -> limits.withMaxHttpReadsPerSecond(1));
    try (TestNode strict = TestNode.start(new ManualClock(), once);
        Api its = new Api(strict)) {
      assertThat(its.get("/webhooks", "limit=0").statusCode()).isEqualTo(400);
      assertThat(its.get("/webhooks", "").statusCode()).isEqualTo(200);
      assertThat(line(its.get("/webhooks/1", "")))
          .startsWith("429 Over quota: 0 of 1 reads per second are left");
      assertThat(its.send("DELETE", "/apps/3/webhooks", "", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aServerWithoutWebhooksHasNone() throws IOException {
    try (TestNode empty = TestNode.start(PlainApp.APP);
        Api its = new Api(empty)) {
      assertThat(line(its.get("/webhooks", "")))
          .isEqualTo("200 {\"webhooks\":[]," + NO_COUNTS + ",\"durable\":false}");
    }
  }
}
