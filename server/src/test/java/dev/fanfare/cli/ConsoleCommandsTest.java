package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `fanfare tail`, `trace` and `publish` against a running server: output and exit codes; `tail` in
/// a pipe and in a pseudo-terminal too.
final class ConsoleCommandsTest {

  private static final int PATIENCE_SECONDS = 120;
  private static final String TIME = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}";

  private final TestNode node =
      TestNode.start(
          TestNode.PARTS.withConsole(ConsoleOptions.DEFAULTS.withEnabled(true).withPort(0)),
          FanfareServer.Clocks.SYSTEM,
          ServerListener.NONE,
          TestNode.APP);
  private final Api api = new Api(node);
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void configureAsTheServerIs() {
    environment.put("FANFARE_HOST", "127.0.0.1");
    environment.put("FANFARE_PORT", String.valueOf(node.port()));
    environment.put("FANFARE_CONSOLE", "true");
    environment.put("FANFARE_CONSOLE_PORT", String.valueOf(node.server().consolePort()));
    environment.put("FANFARE_APP_ID", node.app().id());
    environment.put("FANFARE_APP_KEY", node.app().key());
    environment.put("FANFARE_APP_SECRET", node.app().secret().reveal());
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private Outcome run(String... words) {
    return Outcome.of(environment, words);
  }

  private RawSocket subscribed(String channel) throws IOException {
    RawSocket socket = node.connect();
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  /// Publishes again and again until the command that waits for it has ended.
  private Outcome whilePublishing(String channel, String... words) throws Exception {
    CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> run(words));
    long sinceNs = System.nanoTime();
    while (!isDone(outcome)) {
      assertThat(System.nanoTime() - sinceNs)
          .as("still running")
          .isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
      api.publish(channel, "made", "hello\\u0007");
    }
    return outcome.join();
  }

  private static boolean isDone(CompletableFuture<Outcome> outcome) throws Exception {
    try {
      assertThat(outcome.get(50, TimeUnit.MILLISECONDS)).isNotNull();
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  @Test
  void tailPrintsALineForEachRow() throws Exception {
    try (RawSocket socket = subscribed("news")) {
      assertThat(socket.socketId()).isNotEmpty();
      Outcome outcome =
          whilePublishing("news", "tail", "--kind", "publish", "--channel", "n.*", "--count", "2");
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      String line =
          TIME + " {2}publish {7}news  made  1 of 1  from 127\\.0\\.0\\.1:\\d+  hello\u00b7\n";
      assertThat(outcome.out()).matches(line + line);
    }
  }

  @Test
  void tailPrintsJsonForScripts() throws Exception {
    Outcome outcome = whilePublishing("news", "tail", "--json", "--event", "made", "--count", "1");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .startsWith("{\"id\":\"")
        .contains("\"kind\":\"publish\",\"channel\":\"news\",\"event\":\"made\"")
        .contains("\"data\":\"hello\\u0007\",\"subscribers\":0")
        .hasLineCount(1);
  }

  @Test
  void traceSaysWhyItDidNotArrive() throws Exception {
    try (RawSocket socket = subscribed("orders.1")) {
      Outcome outcome =
          whilePublishing(
              "order.1", "trace", "--channel", "order.1", "--socket", socket.socketId());
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err()).isEqualTo("Waiting for the next publish to order.1 …\n");
      String cause =
          "no connection was subscribed to order.1; 1 is subscribed to orders.1: is the name"
              + " spelled differently?\n";
      assertThat(outcome.out().lines().toList())
          .hasSize(12)
          .element(3)
          .isEqualTo("  NO   3 channel           " + cause.strip());
      assertThat(outcome.out())
          .matches("(?s)made on order\\.1 at " + TIME + ", from 127\\.0\\.0\\.1:\\d+, to .*")
          .endsWith("Cause: " + cause);
      Outcome last = run("trace", "--channel", "order.1", "--last");
      assertThat(last.exitCode()).isEqualTo(1);
      assertThat(last.out())
          .endsWith(
              "\n  no subscribers on this node; 1 in orders.1: is the name spelled differently?\n");
    }
  }

  @Test
  void traceSaysThatItArrived() throws Exception {
    try (RawSocket socket = subscribed("news")) {
      api.publish("news", "made", "x");
      socket.nextTextContaining("\"made\"");
      Outcome outcome = run("trace", "--channel", "news", "--last", "--socket", socket.socketId());
      assertThat(outcome.exitCode()).as(outcome.out()).isZero();
      assertThat(outcome.out()).contains("\nNo cause found: as far as this server knows");
      assertThat(run("trace", "--channel", "news", "--last", "--json").out())
          .startsWith("{\"id\":\"1\",\"t\":")
          .endsWith("}\n");
    }
  }

  @Test
  void traceGivesUp() {
    Outcome late = run("trace", "--channel", "news", "--timeout", "0");
    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.err().lines())
        .containsExactly(
            "Waiting for the next publish to news …", "fanfare: no publish to news within 0 s");
    assertThat(run("trace", "--channel", "news", "--last"))
        .isEqualTo(new Outcome(1, "", "fanfare: no publish to news is remembered\n"));
  }

  @Test
  void publishPublishesAndTraces() throws IOException {
    try (RawSocket socket = subscribed("news")) {
      assertThat(run("publish", "news", "made", "{\"id\":7}")).isEqualTo(new Outcome(0, "", ""));
      assertThat(socket.nextTextContaining("made"))
          .isEqualTo("{\"event\":\"made\",\"channel\":\"news\",\"data\":\"{\\\"id\\\":7}\"}");
      Outcome traced = run("publish", "--trace", "news", "made", "x");
      assertThat(traced.exitCode()).as(traced.err()).isZero();
      assertThat(traced.out())
          .matches(
              "made on news at "
                  + TIME
                  + ", from 127\\.0\\.0\\.1:\\d+\n"
                  + "  subscribers 1, matched 1, reached 1, excluded 0, behind 0, closing 0, in"
                  + " \\d+\\.\\d ms\n");
      String[] except = {"publish", "--trace", "--except", socket.socketId(), "news", "made", "x"};
      assertThat(run(except).out()).contains("matched 1, reached 0, excluded 1");
    }
    Outcome lonely = run("publish", "--trace", "nothing-like-it", "made", "x");
    assertThat(lonely.exitCode()).isEqualTo(1);
    assertThat(lonely.out()).endsWith("\n  no subscribers on this node\n");
  }

  @Test
  void refusalsAreReported() {
    assertThat(run("publish", "not a channel", "made", "x").err())
        .startsWith("fanfare: the server answered 400: ");
    assertThat(run("tail", "--kind", "x").err())
        .startsWith("fanfare: the console answered 400: {\"error\":\"kind is x, but must be some");
    environment.put("FANFARE_APP_SECRET", "wrong");
    Outcome wrong = run("tail");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).startsWith("fanfare: the console answered 401: ");
  }

  @Test
  void aLinkLogsIn() throws IOException {
    int port = node.server().consolePort();
    Outcome outcome = run("console", "link");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).matches("http://127\\.0\\.0\\.1:" + port + "/#login=[\\w-]{22}\n");
    String body = "{\"link\":\"" + outcome.out().strip().replaceAll(".*=", "") + "\"}";
    try (RawHttp http = new RawHttp(port)) {
      String request =
          RawHttp.request(
              "POST",
              "/api/login",
              body,
              "Content-Type: application/json",
              "X-Fanfare-Console: 1",
              "Origin: http://localhost");
      assertThat(http.send(request).next().status()).isEqualTo(200);
    }
  }

  @Test
  void aLinkNeedsAConsoleOnThisMachine() throws IOException {
    try (ClosedPort closed = new ClosedPort()) {
      assertThat(run("console", "link", "--url", "http://127.0.0.1:" + closed.number()).err())
          .startsWith("fanfare: none of these files can be read: ")
          .contains("/fanfare-console-" + closed.number());
    }
    assertThat(run("console").err()).startsWith("Specify link or hash.");
  }

  @Test
  void aConsoleThatIsNotThereIsNamed() throws IOException {
    try (ClosedPort closed = new ClosedPort()) {
      String url = "http://127.0.0.1:" + closed.number();
      assertThat(run("tail", "--url", url))
          .isEqualTo(
              new Outcome(
                  1,
                  "",
                  "fanfare: no console answers at "
                      + url
                      + "; is the server running, with console: true in its configuration?\n"));
    }
    environment.remove("FANFARE_CONSOLE");
    assertThat(run("trace", "--channel", "news"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "The console is not enabled: set console: true in the configuration and restart the"
                    + " server.\n"));
  }

  /// As a process, in a pipe: complete lines without a control character.
  @Test
  void tailInAPipe() throws Exception {
    assertThat(tailed(List.of(), Map.of()))
        .allMatch(line -> line.matches(TIME + "  publish {7}news  made  no subscribers .* x+"))
        .hasSize(2);
  }

  /// In a pseudo-terminal: coloured, and cut to its width.
  @Test
  void tailInATerminal() throws Exception {
    List<String> lines = tailed(List.of("script", "-qefc"), Map.of());
    assertThat(lines)
        .hasSize(2)
        .allMatch(line -> line.matches("\u001b\\[33m" + TIME + "  publish.{58}…\u001b\\[0m"));
    assertThat(tailed(List.of("script", "-qefc"), Map.of("NO_COLOR", "1")))
        .hasSize(2)
        .allMatch(line -> line.matches(TIME + "  publish.{58}…"));
  }

  /// @param launcher of the pseudo-terminal; empty for a pipe
  private List<String> tailed(List<String> launcher, Map<String, String> more) throws Exception {
    String java = System.getProperty("java.home") + "/bin/java";
    String command =
        "stty cols 80 2>/dev/null; exec "
            + java
            + " -cp '"
            + System.getProperty("java.class.path").replace("'", "'\\''")
            + "' "
            + Main.class.getName()
            + " tail --kind publish --count 2";
    List<String> words = new ArrayList<>(launcher);
    words.addAll(launcher.isEmpty() ? List.of("sh", "-c", command) : List.of(command, "/dev/null"));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    builder.redirectInput(new File("/dev/null"));
    Process process = builder.start();
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
              out.lines().map(String::stripTrailing).forEach(lines::add);
            });
    long sinceNs = System.nanoTime();
    while (process.isAlive()
        && System.nanoTime() - sinceNs < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      api.publish("news", "made", "x".repeat(300));
      var _ = process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly();
    reader.join();
    return List.copyOf(lines);
  }
}
