package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `fanfare top` against a running server: in a pipe, and in a pseudo-terminal with keys.
final class ConsoleTopTest {

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(120);

  private static final String ONCE =
      "Fanfare .+  ready\n"
          + "connections 1  channels 1  publishes/s \\d+  deliveries/s \\d+(?:  p50 [\\d.]+ ms  p99"
          + " [\\d.]+ ms)?  refusals/min 0\n"
          + "\n"
          + "LANE {42}WAITING {10}LAG\n"
          + "(?:\\d+ +\\d+ +[\\d.]+ ms\n)+"
          + "\n"
          + "CHANNEL, by publishes {21}PUBLISHES/S  SUBSCRIBERS\n"
          + "news {46}0\\.0 {12}1\n";

  private final TestNode node =
      TestNode.start(
          TestNode.PARTS.withConsole(ConsoleOptions.DEFAULTS.withEnabled(true).withPort(0)),
          FanfareServer.Clocks.SYSTEM,
          ServerListener.NONE,
          TestNode.APP);
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
    node.close();
  }

  private RawSocket subscribed() throws IOException {
    RawSocket socket = node.connect();
    socket.subscribe("news");
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  private String run(int exitCode, String... words) {
    Outcome outcome = Outcome.of(environment, words);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    return outcome.out() + outcome.err();
  }

  @Test
  void onceIsForScripts() throws IOException {
    try (RawSocket socket = subscribed()) {
      assertThat(socket.socketId()).isNotEmpty();
      assertThat(run(0, "top", "--once")).matches(ONCE);
    }
  }

  @Test
  void aConsoleOnAnotherMachineNeedsTls() {
    for (String[] words :
        List.of(
            new String[] {"top"},
            new String[] {"tail"},
            new String[] {"trace", "--channel", "x"},
            new String[] {"console", "link"})) {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(List.of("--url", "http://192.0.2.1:9602"));
      assertThat(run(2, all.toArray(String[]::new)))
          .isEqualTo(
              "The console at http://192.0.2.1:9602 is on another machine and has no TLS: requests"
                  + " and answers would be readable on the network. Use https://…, a tunnel (ssh"
                  + " -L), or add --insecure-plain.\n");
    }
    int port = node.server().consolePort();
    assertThat(run(0, "top", "--once", "--url", "http://localhost:" + port)).startsWith("Fanfare ");
  }

  /// A process of ours, and what it has written so far.
  private final class Running implements AutoCloseable {
    private final Process process;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Thread reader;

    Running(List<String> launcher, String after, String... words) throws IOException {
      String command =
          "stty cols 80 rows 24 2>/dev/null; b=$(stty -g 2>/dev/null); "
              // A build in the background ignores the signal, and so would what it starts.
              + "env --default-signal=INT '"
              + System.getProperty("java.home")
              + "/bin/java' -cp '"
              + System.getProperty("java.class.path").replace("'", "'\\''")
              + "' "
              + Main.class.getName()
              + " top "
              + String.join(" ", words)
              + after;
      List<String> all = new ArrayList<>(launcher);
      all.addAll(launcher.isEmpty() ? List.of("sh", "-c", command) : List.of(command, "/dev/null"));
      ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
      builder.environment().putAll(environment);
      process = builder.start();
      reader =
          Thread.ofVirtual()
              .start(() -> {
                try (InputStream in = process.getInputStream()) {
                  in.transferTo(written);
                } catch (IOException e) {
                  // it has ended
                }
              });
    }

    String text() {
      return written.toString(StandardCharsets.UTF_8);
    }

    void await(String part) throws Exception {
      long sinceNs = System.nanoTime();
      while (!text().contains(part)) {
        assertThat(System.nanoTime() - sinceNs).as(text()).isLessThan(PATIENCE_NS);
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }

    void press(String keys) throws IOException {
      process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    }

    String end() throws Exception {
      assertThat(process.waitFor(PATIENCE_NS, TimeUnit.NANOSECONDS)).as(text()).isTrue();
      reader.join();
      return text();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void inAPipeItIsPrintedOnce() throws Exception {
    try (RawSocket socket = subscribed();
        Running top = new Running(List.of(), "")) {
      assertThat(socket.socketId()).isNotEmpty();
      assertThat(top.end()).matches(ONCE);
    }
  }

  private static final String RESTORED =
      "; [ \"$b\" = \"$(stty -g)\" ] && echo restored || echo changed";

  @Test
  void keysSortAndQuit() throws Exception {
    try (RawSocket socket = subscribed();
        Running top = new Running(List.of("script", "-qec"), RESTORED)) {
      assertThat(socket.socketId()).isNotEmpty();
      top.await("CHANNEL, by publishes");
      top.press("s");
      top.await("CHANNEL, by subscribers");
      top.press("s");
      top.await("CHANNEL, by name");
      top.press("xq");
      assertThat(top.end())
          .startsWith("\u001b[?1049h\u001b[H\u001b[JFanfare ")
          .endsWith("\u001b[?1049lrestored\r\n")
          .contains("\u001b[H\u001b[JFanfare ", "news ");
    }
  }

  @Test
  void anInterruptLeavesTheScreenAsItWas() throws Exception {
    try (Running top = new Running(List.of("script", "-qec"), RESTORED)) {
      top.await("CHANNEL, by publishes");
      top.press("\u0003");
      String text = top.end();
      assertThat(text.lastIndexOf("\u001b[?1049l")).isGreaterThan(text.lastIndexOf("\u001b[H"));
    }
  }
}
