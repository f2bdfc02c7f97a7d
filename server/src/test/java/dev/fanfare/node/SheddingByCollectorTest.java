package dev.fanfare.node;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each step of load shedding under each collector, by a heap that is filled to the middle of the
/// step: new connections are refused first, then subscriptions, then publishes, each with the
/// documented answer, and all are accepted again. `SheddingTest` fills the heap through clients.
final class SheddingByCollectorTest {

  private static final String SECRET = "shedding-secret";
  private static final App APP =
      new App("1", "shedding-key", new Secret(SECRET), AppOptions.DEFAULTS, Limits.HOSTED);

  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "FANFARE_APPS", APP.key() + ":" + SECRET + "@" + APP.id(),
          "FANFARE_APPS_0_CLIENT_EVENTS", "true",
          "FANFARE_LANES", "1");

  private static final Duration PATIENCE = Duration.ofSeconds(100);

  private static final Pattern LEVEL = Pattern.compile("\nfanfare_shedding_level (\\d)\\.0\n");

  // Percentages: the steps begin at 82, 88 and 94.
  private static final int[] MIDDLES = {85, 91, 95};

  @ParameterizedTest
  @CsvSource({
    "-XX:+UseSerialGC -Xmx160m -Xmn16m, the old generation",
    "-XX:+UseG1GC -Xmx192m -Xmn16m, the old generation",
    "-XX:+UseZGC -Xmx640m, the heap"
  })
  void workIsRefusedInOrder(String jvmOptions, String space) throws IOException {
    String full = "The server's memory is nearly full: \\d+ of \\d+ MB of " + space + " are in use";
    try (RunningServer server = RunningServer.startAs(HeapFiller.class, jvmOptions, CONFIGURATION);
        RawSocket client = ServerProcess.connect(server.port(), APP.key())) {
      client.patience(PATIENCE);
      client.subscribePrivate(APP, "private-news");
      client.nextTextContaining("subscription_succeeded");

      fill(server, MIDDLES[0], 1);
      assertThat(ready(server)).containsPattern("503 " + full);
      assertThat(connectionRefusal(server)).contains("\"code\":4100").containsPattern(full);
      client.subscribe("early");
      assertThat(client.nextText()).contains("subscription_succeeded");
      assertThat(publish(server, "first")).isEqualTo("200 {}");
      assertThat(client.nextText()).contains("first");

      fill(server, MIDDLES[1], 2);
      assertThat(ready(server))
          .containsPattern("503 " + full + " \\(new connections and subscriptions are refused\\)");
      assertThat(connectionRefusal(server)).contains("\"code\":4100").containsPattern(full);
      client.subscribe("late");
      assertThat(client.nextText())
          .contains("subscription_error", "\\\"status\\\":503", "\"channel\":\"late\"");
      assertThat(client.nextText()).contains("pusher:error").containsPattern(full);
      assertThat(publish(server, "second")).isEqualTo("200 {}");
      assertThat(client.nextText()).contains("second");

      fill(server, MIDDLES[2], 3);
      assertThat(connectionRefusal(server)).contains("\"code\":4100").containsPattern(full);
      assertThat(publish(server, "third")).matches("503 Over capacity: " + full);
      client.trigger("private-news", "client-typing", "1");
      assertThat(client.nextText())
          .containsPattern("\"code\":4100,\"message\":\"Client event rejected: " + full);
      client.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
      assertThat(client.nextText()).contains("pusher:pong");

      fill(server, 0, 0);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(ready(server)).isEqualTo("200 OK"));
      assertThat(publish(server, "again")).isEqualTo("200 {}");
      assertThat(client.nextText()).contains("again");
      client.subscribe("late");
      assertThat(client.nextText()).contains("subscription_succeeded");
      assertThat(server.output())
          .noneMatch(line -> line.contains("OutOfMemoryError") || line.contains(" ERROR "));
    }
  }

  /// Fills the heap to so many percent and waits until the server sheds load at this level. What
  /// the server itself leaves behind may push it into the next step, which it leaves only well
  /// below the middle of this one: the heap is emptied and filled again then.
  private static void fill(RunningServer server, int percent, int level) throws IOException {
    server.send(String.valueOf(percent));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(server.output()).contains("filled " + percent);
          int now = level(server);
          if (now > level) {
            server.send("0");
            await().atMost(PATIENCE).until(() -> level(server) == 0);
            server.send(String.valueOf(percent));
          }
          assertThat(now).isEqualTo(level);
        });
  }

  private static int level(RunningServer server) throws IOException {
    Matcher found = LEVEL.matcher(get(server.metricsPort(), "/metrics"));
    assertThat(found.find()).isTrue();
    return Integer.parseInt(found.group(1));
  }

  private static String connectionRefusal(RunningServer server) throws IOException {
    try (RawSocket refused =
        RawSocket.upgraded(server.port(), "/app/" + APP.key() + "?protocol=7")) {
      refused.patience(PATIENCE);
      return refused.nextText();
    }
  }

  private static String publish(RunningServer server, String data) throws IOException {
    String body = "{\"name\":\"e\",\"channel\":\"private-news\",\"data\":\"" + data + "\"}";
    return answer(server.port(), RawHttp.signed(APP, "POST", "/events", body, "Connection: close"));
  }

  private static String ready(RunningServer server) throws IOException {
    return get(server.port(), "/ready");
  }

  private static String get(int port, String path) throws IOException {
    return answer(port, RawHttp.request("GET", path, "", "Connection: close"));
  }

  private static String answer(int port, String request) throws IOException {
    try (RawHttp http = new RawHttp(port, PATIENCE)) {
      return http.send(request).next().line();
    }
  }
}
