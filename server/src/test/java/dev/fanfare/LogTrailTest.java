package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.LogFields;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// "Why did it not arrive?": from a socket id, the log of a real server leads to the client's
/// address and app, its subscriptions, what was published to them, what was refused, and the close.
final class LogTrailTest {

  private static final int LIFE_SECONDS = 60;
  private static final Pattern PORT = Pattern.compile("localhost:(\\d+)");
  private static final App APP =
      new App("77", "the-key", new Secret("a-secret-of-77"), AppOptions.DEFAULTS, Limits.HOSTED);
  private static final App FORGER = APP.withSecret(new Secret("another-secret"));
  private static final String VISITOR = "X-Forwarded-For: 192.0.2.1";
  private static final String PUBLISHER = "X-Forwarded-For: 192.0.2.9";

  /// A running server behind a trusted proxy, which is this test.
  private static final class Server implements AutoCloseable {

    private final Process process;
    private final BufferedReader reader;
    private final List<String> lines = new ArrayList<>();
    private final int port;

    Server(String format, String level) throws IOException {
      process =
          ServerProcess.start(
              LIFE_SECONDS,
              Map.of(
                  "FANFARE_APPS", "the-key:a-secret-of-77@77",
                  "FANFARE_APPS_0_CLIENT_EVENTS", "true",
                  "FANFARE_TRUSTED_PROXIES", "127.0.0.1",
                  "FANFARE_LOG", format,
                  "FANFARE_LOG_LEVEL", level));
      reader = process.inputReader();
      Matcher matcher;
      do {
        String line = reader.readLine();
        assertThat(line).as("after %s", lines).isNotNull();
        lines.add(line);
        matcher = PORT.matcher(line);
      } while (!matcher.find());
      port = Integer.parseInt(matcher.group(1));
    }

    /// Every line from the first to the last.
    List<String> stop() throws IOException {
      process.toHandle().destroy(); // SIGTERM; destroy() on the process would close its output
      String line = reader.readLine();
      while (line != null) {
        lines.add(line);
        line = reader.readLine();
      }
      return lines;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static void publish(Server server, App app, String channel) throws IOException {
    String body = "{\"name\":\"new order\",\"channel\":\"" + channel + "\",\"data\":\"{}\"}";
    try (RawHttp http = new RawHttp(server.port)) {
      http.send(RawHttp.signed(app, "POST", "/events", body, PUBLISHER)).next();
    }
  }

  /// Connects, uses channels and leaves; returns the socket id.
  private static String visit(Server server) throws IOException {
    try (RawSocket socket = ServerProcess.connect(server.port, APP.key(), VISITOR)) {
      socket.subscribePrivate(APP, "private-a");
      socket.nextTextContaining("subscription_succeeded");
      socket.subscribePrivate(FORGER, "private-b");
      socket.nextTextContaining("subscription_error");
      publish(server, APP, "private-a");
      socket.nextTextContaining("new order");
      publish(server, FORGER, "private-a");
      socket.sendText("{\"event\":\"client-typing\",\"channel\":\"private-a\",\"data\":{}}");
      socket.sendText("{\"event\":\"client-typing\",\"channel\":\"private-b\",\"data\":{}}");
      socket.nextTextContaining("not subscribed");
      socket.signIn(APP, "{\"id\":\"u1\"}");
      socket.nextTextContaining("signin_success");
      socket.sendText("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"private-a\"}}");
      socket.sendClose(1000, "bye");
      socket.nextClose();
      return socket.socketId();
    }
  }

  @Test
  void aSocketIdLeadsToEverythingAboutItsClient() throws IOException {
    try (Server server = new Server("text", "debug")) {
      String id = visit(server);
      List<String> lines = server.stop();
      String who = " app=77 socket=" + id + " address=192.0.2.1";
      assertThat(lines.stream().filter(line -> line.contains(id)).map(LogTrailTest::withoutTime))
          .containsExactly(
              "DEBUG connections: connected" + who,
              "DEBUG channels: subscribed" + who + " channel=private-a",
              "INFO  channels: subscription refused: Invalid signature: Expected HMAC SHA256 hex"
                  + " digest of "
                  + id
                  + ":private-b, but got HEX"
                  + who
                  + " channel=private-b code=401",
              "DEBUG channels: client event published"
                  + who
                  + " channel=private-a event=client-typing subscribers=1",
              "INFO  connections: message refused: Cannot broadcast client event (connection not"
                  + " subscribed to channel private-b)"
                  + who,
              "DEBUG connections: signed in" + who + " user=u1",
              "DEBUG channels: unsubscribed" + who + " channel=private-a",
              "DEBUG connections: connection closed: bye" + who + " code=1000");
      assertThat(lines.stream().filter(line -> line.contains("192.0.2.9")))
          .hasSize(2)
          .last()
          .asString()
          .contains("INFO  api: POST /apps/77/events refused: Invalid signature")
          .endsWith(" app=77 code=401 address=192.0.2.9");
      assertThat(lines)
          .map(LogTrailTest::withoutTime)
          .contains(
              "DEBUG channels: event published app=77 channel=private-a event=\"new order\""
                  + " subscribers=1 address=192.0.2.9");
    }
  }

  private static String withoutTime(String line) {
    return line.substring(line.indexOf(' ') + 1).replaceAll("[0-9a-f]{64}", "HEX");
  }

  @Test
  void inJsonTheSameAreFields() throws IOException {
    try (Server server = new Server("json", "debug")) {
      String id = visit(server);
      List<Map<String, String>> lines = server.stop().stream().map(LogFields::of).toList();
      assertThat(lines)
          .allSatisfy(line -> assertThat(line).containsKeys("time", "level", "logger", "message"));
      List<Map<String, String>> own =
          lines.stream().filter(line -> id.equals(line.get("socket"))).toList();
      assertThat(own)
          .hasSize(8)
          .allSatisfy(line ->
              assertThat(line).containsEntry("app", "77").containsEntry("address", "192.0.2.1"));
      assertThat(own.getFirst()).containsEntry("message", "connected");
      assertThat(own.get(2))
          .containsEntry("channel", "private-b")
          .containsEntry("code", "401")
          .containsEntry("level", "INFO");
      assertThat(own.get(3)).containsEntry("event", "client-typing");
      assertThat(own.getLast()).containsEntry("code", "1000");
      assertThat(lines)
          .anySatisfy(line ->
              assertThat(line)
                  .containsEntry("event", "new order")
                  .containsEntry("channel", "private-a")
                  .containsEntry("address", "192.0.2.9"))
          .anySatisfy(line ->
              assertThat(line)
                  .containsEntry("logger", "api")
                  .containsEntry("app", "77")
                  .containsEntry("code", "401")
                  .containsEntry("address", "192.0.2.9"));
    }
  }
}
