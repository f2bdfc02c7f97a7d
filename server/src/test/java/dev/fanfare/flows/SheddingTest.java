package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Fills the heap of a small process: work is refused in a fixed order, and accepted again once the
/// memory is free.
@Tag("one-node")
final class SheddingTest {

  private static final String SECRET = "shedding-secret";
  private static final App APP =
      new App("1", "shedding-key", new Secret(SECRET), AppOptions.DEFAULTS, Limits.HOSTED);

  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "FANFARE_APPS", APP.key() + ":" + SECRET + "@" + APP.id(),
          "FANFARE_APPS_0_CLIENT_EVENTS", "true",
          "FANFARE_APPS_0_LIMITS_MAX_PRESENCE_MEMBER_BYTES", "200000",
          "FANFARE_APPS_0_LIMITS_MAX_EVENT_BYTES", "200000",
          "FANFARE_MAX_MESSAGE_BYTES", "500000",
          "FANFARE_MAX_REQUEST_BYTES", "500000",
          "FANFARE_LANES", "2");

  /// A small young generation, so that what is held reaches the old one soon.
  private static final String HEAP = "-XX:+UseSerialGC -Xmx96m -Xmn2m";

  private static final int BIG = 190_000;
  private static final int MOST = 900;

  /// So many of these leave a quarter of the heap free.
  private static final int HARMLESS = 340;

  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final String FULL =
      "The server's memory is nearly full: \\d+ of 9\\d MB of the old generation are in use";

  @SuppressWarnings("NullAway.Init") // first of all by the test
  private RunningServer server;

  @Test
  void workIsRefusedInOrderAndAcceptedAgain() throws IOException {
    try (RunningServer running = RunningServer.start(HEAP, CONFIGURATION)) {
      server = running;
      try (RawSocket bystander = connect();
          RawSocket greedy = connect()) {
        bystander.subscribePrivate(APP, "private-news");
        bystander.nextTextContaining("subscription_succeeded");

        String refusal = subscribeUntilRefused(greedy);
        assertThat(refusal)
            .matches(
                Pattern.compile(
                    ".*\"event\":\"pusher:subscription_error\".*\\\\\"type\\\\\":\\\\\"Overloaded"
                        + ".*"
                        + FULL
                        + ".*\\\\\"status\\\\\":503.*"));
        assertThat(ready())
            .matches("(?s)503 " + FULL + " \\(new connections and subscriptions are refused\\).*");
        assertThat(connectionRefusal()).contains("\"code\":4100").containsPattern(FULL);
        bystander.subscribe("public");
        assertThat(bystander.nextText())
            .contains("subscription_error", "\\\"status\\\":503", "\"channel\":\"public\"");
        assertThat(bystander.nextText()).contains("pusher:error").containsPattern(FULL);
        assertThat(publish("private-news", "accepted")).isEqualTo("200 {}");
        assertThat(bystander.nextText()).contains("accepted");

        publishUntilRefused();
        bystander.trigger("private-news", "client-typing", "1");
        assertThat(bystander.nextText())
            .containsPattern("\"code\":4100,\"message\":\"Client event rejected: " + FULL);
        bystander.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
        assertThat(bystander.nextText()).contains("pusher:pong");
        bystander.unsubscribe("private-news");
        bystander.expectNothing();
        assertThat(get(server.port(), "/live")).isEqualTo("200 OK");
        assertThat(get(server.metricsPort(), "/metrics"))
            .containsPattern("\nfanfare_shedding_level 3.0\n")
            .containsPattern("\nfanfare_shed_total\\{kind=\"publishes\"} [1-9]")
            .containsPattern("\nfanfare_shed_total\\{kind=\"subscriptions\"} [1-9]")
            .containsPattern("\nfanfare_unready\\{cause=\"memory\"} 1.0\n");
      }
      untilReady();
      assertThat(publish("news", "again")).isEqualTo("200 {}");
      try (RawSocket client = connect()) {
        client.subscribe("public");
        assertThat(client.nextText()).contains("subscription_succeeded");
      }
      assertThat(running.output())
          .as("one line per change")
          .anyMatch(line -> line.contains("shedding load, new connections and subscriptions are"))
          .anyMatch(line -> line.contains("subscriptions and publishes are refused"))
          .anyMatch(line -> line.contains("ready again"))
          .noneMatch(line -> line.contains("OutOfMemoryError") || line.contains(" ERROR "));
    }
  }

  private RawSocket connect() throws IOException {
    RawSocket socket = ServerProcess.connect(server.port(), APP.key());
    socket.patience(PATIENCE);
    return socket;
  }

  private String connectionRefusal() throws IOException {
    try (RawSocket refused =
        RawSocket.upgraded(server.port(), "/app/" + APP.key() + "?protocol=7")) {
      return refused.nextText();
    }
  }

  /// Each subscription leaves 190 kB in the heap.
  private String subscribeUntilRefused(RawSocket client) throws IOException {
    String info = "x".repeat(BIG);
    for (int i = 0; i < MOST; i++) {
      client.subscribePresence(
          APP, "presence-" + i, "{\"user_id\":\"u\",\"user_info\":{\"x\":\"" + info + "\"}}");
      String answer = client.nextText();
      if (answer.contains("subscription_error")) {
        return answer;
      }
      if (i >= HARMLESS) {
        untilKnown(i);
      }
    }
    throw new AssertionError("every subscription was accepted");
  }

  /// Each event stays in the heap as the last one of a cache channel.
  private void publishUntilRefused() throws IOException {
    String data = "x".repeat(BIG);
    for (int i = 0; i < MOST; i++) {
      String answer = publish("cache-" + i, data);
      if (answer.startsWith("503 ")) {
        assertThat(answer).matches("503 Over capacity: " + FULL);
        return;
      }
      assertThat(answer).isEqualTo("200 {}");
      untilKnown(i);
    }
    throw new AssertionError("every publish was accepted");
  }

  /// Waits after every two megabytes until the server knows how much of the old generation is live:
  /// on a busy machine it may look too rarely to see each level.
  private void untilKnown(int step) {
    if (step % 12 == 0) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(() -> assertThat(isKnown()).as("%s", server.output()).isTrue());
    }
  }

  private boolean isKnown() throws IOException {
    String page = get(server.metricsPort(), "/metrics");
    double used = value(page, "jvm_memory_used_bytes\\{area=\"heap\",id=\"Tenured Gen\"}");
    double max = value(page, "jvm_memory_max_bytes\\{area=\"heap\",id=\"Tenured Gen\"}");
    double live = value(page, "jvm_gc_live_data_size_bytes");
    return used < 0.85 * max || used - live < 0.02 * max;
  }

  private static double value(String page, String series) {
    Matcher matcher = Pattern.compile("\n" + series + " ([0-9.E]+)\n").matcher(page);
    assertThat(matcher.find()).as(series).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  private String publish(String channel, String data) throws IOException {
    String body = "{\"name\":\"e\",\"channel\":\"" + channel + "\",\"data\":\"" + data + "\"}";
    return answer(server.port(), RawHttp.signed(APP, "POST", "/events", body, "Connection: close"));
  }

  private String ready() throws IOException {
    return get(server.port(), "/ready");
  }

  private static String get(int port, String path) throws IOException {
    return answer(port, RawHttp.request("GET", path, "", "Connection: close"));
  }

  private static String answer(int port, String request) throws IOException {
    try (RawHttp http = new RawHttp(port, PATIENCE)) {
      RawHttp.Answer answer = http.send(request).next();
      assertThat(answer.header("Retry-After") != null)
          .isEqualTo(answer.status() == 503 && request.startsWith("POST"));
      return answer.line();
    }
  }

  private void untilReady() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ready()).as("%s", server.output()).isEqualTo("200 OK"));
  }
}
