package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RunningServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No secret of the configuration is in any answer of the console, not even to an administrator:
/// every read of the table of routes is sent to a real server, after everything has gone wrong.
final class ConsoleSecretsTest {

  private static final String SECRET = "hush-Zq9xKc27-current";
  private static final String PREVIOUS = "hush-Wm4rTd61-previous";
  private static final String OTHER = "hush-Pf8sLb35-other";
  private static final String HEADER = "hush-Vn2yGh94-header";
  private static final String TOKEN = "hush-Jk6wXe58-token";
  private static final String CHANGED = "hush-Ut3oRm17-changed";

  private static final App APP =
      new App("77", "the-key", new Secret(SECRET), AppOptions.DEFAULTS, Limits.HOSTED);

  private static final Pattern LOGIN = Pattern.compile("(\\d+)/#login=(\\S+)");

  private static final int PATIENCE_MS = 60_000;

  @TempDir private Path folder;

  private static RawHttp.Answer request(int port, String method, String path, String... headers)
      throws IOException {
    return request(port, method, path, "", headers);
  }

  private static RawHttp.Answer request(
      int port, String method, String path, String body, String[] headers) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      return http.send(RawHttp.request(method, path, body, headers)).next();
    }
  }

  private String configuration() {
    return """
    server: {console: true, console_port: 0, lanes: 1, host: 127.0.0.1, port: 0}
    webhooks: {data_dir: "%s"}
    apps:
      - id: "77"
        key: the-key
        secret: %s
        previous_secret: %s
        webhooks:
          - {url: "http://127.0.0.1:1/hook?token=%s", headers: {Authorization: %s}}
      - {id: "78", key: other-key, secret: %s}
    """
        .formatted(folder, SECRET, PREVIOUS, TOKEN, HEADER, OTHER);
  }

  @Test
  void noAnswerHasOne() throws IOException {
    Path file = folder.resolve("fanfare.yaml");
    Files.writeString(file, configuration());
    try (RunningServer server =
        RunningServer.start("-Xmx128m", Map.of("FANFARE_CONFIG", file.toString()))) {
      Matcher login = login(server);
      int port = Integer.parseInt(login.group(1));
      String[] change = {
        "Content-Type: application/json", "X-Fanfare-Console: 1", "Origin: http://localhost"
      };
      String body = "{\"link\":\"" + login.group(2) + "\"}";
      String cookie = request(port, "POST", "/api/login", body, change).header("Set-Cookie");
      String session = "Cookie: " + Objects.requireNonNull(cookie).split(";", 2)[0];
      Files.writeString(file, Files.readString(file).replace(PREVIOUS, CHANGED));
      try (RawSocket socket = RawSocket.established(server.port(), APP.key())) {
        refusals(server.port(), socket);
        awaitAttempt(port, session);
        body = "{\"app\":\"77\"}";
        List<String> headers = new ArrayList<>(List.of(change));
        headers.add(session);
        assertThat(
                request(port, "POST", "/api/doctor", body, headers.toArray(String[]::new)).line())
            .isEqualTo("200 {\"id\":\"1\"}\n");
        awaitDoctor(port, session);
        StringBuilder answers = new StringBuilder();
        for (String path : paths(socket.socketId())) {
          RawHttp.Answer answer = request(port, "GET", path, session);
          assertThat(answer.status()).as(path).isIn(200, 404);
          answers.append(path).append(' ').append(answer.line()).append('\n');
        }
        answers.append(stream(port, session, server.port()));
        assertThat(answers.toString())
            .contains("other_app", "********", "cannot connect", "apps.77.previous_secret: ")
            .doesNotContain(SECRET, PREVIOUS, OTHER, HEADER, TOKEN, CHANGED);
      }
    }
  }

  private static Matcher login(RunningServer server) {
    Matcher found = LOGIN.matcher("");
    while (!found.find()) {
      Thread.onSpinWait(); // the line after those that the server's start waits for
      found = LOGIN.matcher(String.join("\n", server.output()));
    }
    return found;
  }

  /// Subscriptions with signatures of other secrets, and secrets in the place of signatures.
  private static void refusals(int port, RawSocket socket) throws IOException {
    socket.subscribePrivate(APP.withSecret(new Secret(OTHER)), "private-a");
    socket.nextTextContaining("pusher:error");
    socket.subscribePrivate(APP.withSecret(new Secret("another-secret")), "private-b");
    socket.nextTextContaining("pusher:error");
    forge(socket, "private-c", SECRET);
    forge(socket, "private-" + PREVIOUS, "00");
    forge(socket, "private-" + OTHER, "00");
    socket.subscribe("a");
    socket.nextTextContaining("subscription_succeeded");
    try (RawHttp http = new RawHttp(port)) {
      String path = "/apps/77/channels";
      String query = RawHttp.query(APP.withSecret(new Secret(PREVIOUS)), "POST", path, "");
      http.send(RawHttp.request("GET", path + "?" + query, "")).next();
      String event = "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"d\"}";
      http.send(RawHttp.signed(APP, "POST", "/events", event)).next();
      String forged = RawHttp.query(APP, "POST", "/apps/77/events", event);
      forged = forged.replaceAll("auth_signature=.*", "auth_signature=" + SECRET);
      http.send(RawHttp.request("POST", "/apps/77/events?" + forged, event)).next();
    }
  }

  /// Every read, with each of the names that there are.
  private static List<String> paths(String socketId) {
    List<String> paths = new ArrayList<>();
    for (String route : ConsoleRolesTest.reads()) {
      if (!route.equals(Gate.STREAM)) {
        String ofApp = route.replace("{app}", "77");
        for (String list : List.of("connections", "channels", "refusals", "traces")) {
          for (String name : names(socketId)) {
            paths.add(ofApp.replace("{list}", list).replaceAll("\\{[a-z]+}", name));
          }
        }
      }
    }
    paths.add("/api/apps/77/webhooks?state=pending");
    paths.add("/api/apps/77/webhooks?state=delivered");
    paths.add("/"); // and its pages
    return paths.stream().distinct().toList();
  }

  private static List<String> names(String socketId) {
    List<String> names = new ArrayList<>(List.of("a", "private-a", socketId, "77"));
    for (int i = 1; i <= 12; i++) {
      names.add(Integer.toString(i));
    }
    return names;
  }

  /// What a stream shows of a refused signature.
  private static String stream(int port, String session, int clients) throws IOException {
    try (Socket stream = new Socket(InetAddress.getLoopbackAddress(), port);
        RawSocket socket = RawSocket.established(clients, APP.key())) {
      stream.setSoTimeout(PATIENCE_MS);
      String target = "/api/stream?app=77&nodes=all&kind=refuse";
      String request = RawHttp.request("GET", target, "", session);
      stream.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      assertThat(line).isEqualTo("HTTP/1.1 200 OK");
      forge(socket, "private-d", SECRET);
      while (!line.contains("private-d")) {
        line = Objects.requireNonNull(lines.readLine());
      }
      return line;
    }
  }

  /// A subscription with a text in the place of its signature.
  private static void forge(RawSocket socket, String channel, String text) throws IOException {
    socket.sendText(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
            + channel
            + "\",\"auth\":\"the-key:"
            + text
            + "\"}}");
    socket.nextTextContaining("pusher:error");
  }

  /// Waits until the doctor is done.
  private static void awaitDoctor(int port, String session) throws IOException {
    String found = "";
    long sinceNs = System.nanoTime();
    while (!found.contains("\"done\"")) {
      assertThat(System.nanoTime() - sinceNs).as(found).isLessThan(PATIENCE_MS * 1_000_000L);
      found = request(port, "GET", "/api/doctor/1", session).body();
    }
    assertThat(found).contains("{\"name\":\"tcp\",\"result\":\"ok\",");
  }

  /// Waits until the endpoint of webhooks was tried.
  private static void awaitAttempt(int port, String session) throws IOException {
    String found = "";
    long sinceNs = System.nanoTime();
    while (!found.contains("cannot connect")) {
      assertThat(System.nanoTime() - sinceNs).as(found).isLessThan(PATIENCE_MS * 1_000_000L);
      found = request(port, "GET", "/api/apps/77/webhooks", session).body();
    }
  }
}
