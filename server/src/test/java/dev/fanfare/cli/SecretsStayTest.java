package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Secrets stay where they were put. Everything that goes wrong is made to go wrong, and then all
/// that was printed, logged and answered is searched for the secrets. The one exception is the app
/// that a server without configuration creates and prints (`StartTest`).
final class SecretsStayTest {

  private static final String CURRENT = "hush-Zq9xKc27-current";
  private static final String PREVIOUS = "hush-Wm4rTd61-previous";
  private static final String OPERATOR = "hush-Gd8kYs93-operator";
  private static final int PATIENCE_SECONDS = 60;
  private static final Pattern PORT = Pattern.compile("localhost:(\\d+)");
  private static final App APP =
      new App("77", "the-key", new Secret(CURRENT), AppOptions.DEFAULTS, Limits.HOSTED);
  private static final App FORGER = APP.withSecret(new Secret("another-secret"));

  @TempDir Path directory;

  // A server with two secrets, from its first line to its last

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void aServerPrintsLogsAndAnswersNone(String format) throws Exception {
    Process process = start(format);
    BufferedReader reader = process.inputReader();
    StringBuilder output = new StringBuilder();
    int port = port(reader, output);
    StringBuilder answers = new StringBuilder();
    requests(port, answers);
    sockets(port, answers);
    process.toHandle().destroy(); // unlike the process itself, it leaves us the output
    reader.lines().forEach(line -> output.append(line).append('\n'));
    assertThat(answers.toString()).doesNotContain(CURRENT, PREVIOUS, OPERATOR);
    assertThat(output.toString())
        .contains("refused", "Invalid signature", "Unknown auth_key", "not in this cluster")
        .contains("create: the apps are defined by environment variables")
        .doesNotContain(CURRENT, PREVIOUS, OPERATOR);
    echoes(format);
  }

  /// A client that sends a secret in the wrong place gets it back in the answer; the log masks it.
  private void echoes(String format) throws Exception {
    Process process = start(format);
    BufferedReader reader = process.inputReader();
    StringBuilder output = new StringBuilder();
    int port = port(reader, output);
    for (String secret : List.of(CURRENT, PREVIOUS, OPERATOR)) {
      try (RawSocket socket = RawSocket.upgraded(port, "/app/" + secret + "?protocol=7")) {
        socket.nextClose();
      }
      try (RawSocket socket = ServerProcess.connect(port, APP.key());
          RawHttp http = new RawHttp(port)) {
        subscribe(socket, "private-a", secret + ":00");
        subscribe(socket, "private-b", "the-key:" + secret);
        subscribe(socket, secret + "\u00fc", "");
        socket.sendText("{\"event\":\"" + secret + "\"}");
        http.send(RawHttp.request("GET", "/" + secret, "")).next();
        http.send(RawHttp.request("GET", "/apps/" + secret + "/channels", "")).next();
        String query = RawHttp.query(APP, "GET", "/apps/77/channels", "");
        String forged = query.replaceAll("auth_signature=.*", "auth_signature=" + secret);
        http.send(RawHttp.request("GET", "/apps/77/channels?" + forged, "")).next();
        http.send(RawHttp.request("GET", "/operator/apps?auth_key=" + secret, "")).next();
        http.send(RawHttp.request("GET", "/operator/apps/" + secret, "")).next();
      }
    }
    process.toHandle().destroy(); // unlike the process itself, it leaves us the output
    reader.lines().forEach(line -> output.append(line).append('\n'));
    assertThat(output.toString()).contains("********").doesNotContain(CURRENT, PREVIOUS, OPERATOR);
  }

  private static void requests(int port, StringBuilder answers) throws IOException {
    String path = "/apps/77/channels";
    String good = RawHttp.query(APP, "GET", path, "");
    List<String> targets =
        List.of(
            path,
            path + "?" + good,
            path + "?" + good.replace("auth_key=the-key", "auth_key=other"),
            path + "?" + good.replace("auth_version=1.0", "auth_version=9"),
            path + "?" + good.replaceAll("auth_timestamp=\\d+", "auth_timestamp=1"),
            path + "?" + good.replaceAll("auth_signature=.*", ""),
            path + "?" + good.replaceAll("auth_signature=.*", "auth_signature=00"),
            path + "?" + good + "&body_md5=00",
            path + "?" + RawHttp.query(FORGER, "GET", path, ""),
            "/apps/78/channels?" + good,
            "/events?" + good,
            "/nowhere");
    try (RawHttp http = new RawHttp(port)) {
      for (String target : targets) {
        answers.append(http.send(RawHttp.request("GET", target, "")).next().body()).append('\n');
      }
      String wrongBody =
          RawHttp.signed(APP, "POST", "/events", "{\"name\":1}")
              .replace("{\"name\":1}", "{'name':1}");
      answers.append(http.send(wrongBody).next().body());
      answers.append(
          http.send(RawHttp.signed(APP, "POST", "/events", "{\"name\":1}")).next().body());
      operators(http, answers);
      answers.append(http.send("NONSENSE\r\n\r\n").next().body());
    }
  }

  private static void operators(RawHttp http, StringBuilder answers) throws IOException {
    App operator = APP.withId("ops").withKey("ops-key").withSecret(new Secret(OPERATOR));
    for (String path : List.of("/operator/apps", "/operator/apps/77", "/operator/apps/1")) {
      String query = RawHttp.query(operator, "GET", path, "");
      answers.append(http.send(RawHttp.request("GET", path + "?" + query, "")).next().body());
      answers.append(http.send(RawHttp.request("GET", path + "?x=1&" + query, "")).next().body());
    }
    String body = "{\"secret\":\"" + CURRENT + "\",\"key\":7}";
    String query = RawHttp.query(operator, "POST", "/operator/apps", body);
    answers.append(
        http.send(RawHttp.request("POST", "/operator/apps?" + query, body)).next().body());
  }

  private static void sockets(int port, StringBuilder answers) throws IOException {
    for (String target :
        List.of("/app/unknown?protocol=7", "/app/the-key", "/app/the-key?protocol=9")) {
      try (RawSocket socket = RawSocket.upgraded(port, target)) {
        answers.append(socket.nextText()).append(socket.nextClose().closeReason());
      }
    }
    try (RawSocket socket = ServerProcess.connect(port, APP.key())) {
      subscribe(socket, "private-a", "");
      subscribe(socket, "private-a", "no colon");
      subscribe(socket, "private-a", "other:00");
      subscribe(socket, "presence-a", "the-key:00");
      socket.subscribePrivate(FORGER, "private-a");
      socket.subscribePresence(FORGER, "presence-a", "{\"user_id\":\"1\"}");
      socket.signIn(FORGER, "{\"id\":\"1\"}");
      socket.sendText("not JSON");
      socket.sendText("{\"event\":\"last\"}");
      String text;
      do {
        text = socket.nextText();
        answers.append(text).append('\n');
      } while (!text.contains("'last'"));
    }
  }

  private static void subscribe(RawSocket socket, String channel, String auth) throws IOException {
    socket.sendText(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
            + channel
            + "\",\"auth\":\""
            + auth
            + "\"}}");
    socket.nextText();
  }

  private Process start(String format) throws IOException {
    Path secret = Files.writeString(directory.resolve("previous"), PREVIOUS + "\n");
    return ServerProcess.start(
        PATIENCE_SECONDS,
        Map.of(
            "FANFARE_APPS",
            "the-key:" + CURRENT + "@77",
            "FANFARE_APPS_0_PREVIOUS_SECRET_FILE",
            secret.toString(),
            "FANFARE_OPERATOR_KEYS",
            "ops:ops-key:" + OPERATOR,
            "FANFARE_LOG",
            format,
            "FANFARE_LOG_LEVEL",
            "debug"));
  }

  private static int port(BufferedReader reader, StringBuilder output) throws IOException {
    while (true) {
      String line = reader.readLine();
      assertThat(line).as("after %s", output).isNotNull();
      output.append(line).append('\n');
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
  }

  // Configurations, good and bad

  private static String printed(Map<String, String> environment, String... command) {
    Outcome outcome = Outcome.of(environment, command);
    return outcome.out() + outcome.err();
  }

  @Test
  void aGoodConfigurationIsPrintedAndCheckedWithoutThem() throws IOException {
    Path file = directory.resolve("fanfare.yaml");
    Path secret = Files.writeString(directory.resolve("secret"), CURRENT);
    Files.writeString(
        file,
        """
        apps:
          - {id: main, key: Abc, secret: %s, previous_secret: %s}
          - {id: 2, key: b, secret_file: %s}
        """
            .formatted(CURRENT, PREVIOUS, secret));
    Map<String, String> environment = Map.of("FANFARE_APPS", "c:" + PREVIOUS + "@3");
    String print = printed(environment, "config", "print", "--config", file.toString());
    assertThat(print).contains("********").doesNotContain(CURRENT, PREVIOUS);
    String check = printed(environment, "config", "check", file.toString());
    assertThat(check).contains("is valid: 3 apps").doesNotContain(CURRENT, PREVIOUS);
  }

  /// What a person may write instead of `secret: §`, where § is one; all of it is found to be
  /// wrong.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret: *§",
        "secret: &§",
        "secret: [*§]",
        "secret: !§!x y",
        "secret: @§",
        "secret: `§",
        "secret: %§",
        "secret: |§",
        "secret: >§",
        "secret: {§",
        "secret: {§}",
        "secret: {a: §}",
        "secret: [§",
        "secret: [§]",
        "secret: ]§",
        "secret: \"§",
        "secret: '§",
        "secret: \"\\q§\"",
        "secret: §: x",
        "secret §",
        "secret=§",
        "secret:§",
        "- secret: §",
        "secret: - §",
        "secret: \"a\\n§\"",
        "secret: \"§\\u0001\"",
        "secret: \"§\" x",
        "secret_file: §",
        "secret_file: [§]",
        "previous_secret: [§]",
        "previous_secret_file: §",
        "secrt: §",
        "SECRET: §",
        " secret §",
        "secret: §\n    secret: §",
        "limits: §",
        "secret: §\n    previous_secret: §",
        "key: §:x",
        "key: 'x:§'",
        "id: x:§@1",
        "enabled: {a: §}"
      })
  void aBadConfigurationIsExplainedWithoutThem(String line) throws IOException {
    Path file = directory.resolve("fanfare.yaml");
    String text = "apps:\n  - id: \"1\"\n    key: abc\n    " + line.replace("§", CURRENT) + "\n";
    Files.writeString(file, text);
    assertThat(printed(Map.of(), "config", "check", file.toString()))
        .contains("in the configuration")
        .doesNotContain(CURRENT);
    assertThat(printed(Map.of(), "start", "--config", file.toString()))
        .contains("in the configuration")
        .doesNotContain(CURRENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"§", "apps: §", "apps: [§]", "apps: [secret §]", "server: §"})
  void aTextWhereASectionBelongsIsNotRepeated(String yaml) throws IOException {
    Path file = directory.resolve("fanfare.yaml");
    Files.writeString(file, yaml.replace("§", CURRENT));
    assertThat(printed(Map.of(), "config", "check", file.toString()))
        .contains("in the configuration")
        .doesNotContain(CURRENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "APPS=a:§", "APPS=§", "APPS=a:§@", "APPS=a:§;x@1", "APPS=a:b@1;§@2", "APP_SECRET= §",
        "APP_SECRT=§", "SECRET=§", "APP_KEY=a:§", "APPS=a:§@1;a:§@2", "APPS=a:x:§", "APP_ID=1@§",
        "APP_SECRET_FILE=§", "APP_PREVIOUS_SECRET_FILE=§", "APP_PREVIOUS_SECRET=§ "
      })
  void aBadVariableIsExplainedWithoutThem(String variable) {
    String[] parts = variable.split("=", 2);
    Map<String, String> environment = Map.of("FANFARE_" + parts[0], parts[1].replace("§", CURRENT));
    assertThat(printed(environment, "config", "print"))
        .contains("in the configuration")
        .doesNotContain(CURRENT);
  }
}
