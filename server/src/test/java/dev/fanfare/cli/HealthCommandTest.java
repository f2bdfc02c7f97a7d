package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `fanfare health` against a running server, by what it prints and how it exits.
final class HealthCommandTest {

  private final TestNode node =
      TestNode.start(
          TestNode.options(0).withPathPrefix("/ws"),
          FanfareServer.Clocks.SYSTEM,
          ServerListener.NONE,
          TestNode.APP);
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void configureAsTheServerIs() {
    environment.put("FANFARE_HOST", "127.0.0.1");
    environment.put("FANFARE_PORT", String.valueOf(node.port()));
    environment.put("FANFARE_PATH_PREFIX", "/ws");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Outcome run(String... args) {
    String[] words = Stream.concat(Stream.of("health"), Arrays.stream(args)).toArray(String[]::new);
    return Outcome.of(environment, words);
  }

  private static Outcome bad(String err) {
    return new Outcome(1, "", err);
  }

  @Test
  void aReadyServerIsHealthy() {
    assertThat(run()).isEqualTo(new Outcome(0, "OK\n", ""));
  }

  @Test
  void everyReasonIsPrinted() {
    node.server().readiness().refuse(Cause.FILES, "No files are left");
    node.server().readiness().refuse(Cause.MEMORY, "No memory is left");
    assertThat(run())
        .isEqualTo(
            bad(
                """
                fanfare: the server is not ready:
                  No files are left
                  No memory is left
                """));
  }

  @Test
  void aUrlOverridesEvenAnInvalidConfiguration() {
    environment.put("FANFARE_PORT", "none");
    String url = "http://127.0.0.1:" + node.port();
    assertThat(run("--url", url).exitCode()).isZero();
    assertThat(run("--url", url + "/ws/").exitCode()).isZero();
    assertThat(run("--url", url + "/elsewhere").err())
        .startsWith("fanfare: the server at " + url + "/elsewhere answered 404:\n  ");
  }

  @Test
  void anInvalidConfigurationExitsWithOne() {
    environment.put("FANFARE_PROT", "1");
    assertThat(run().exitCode()).isEqualTo(1);
    assertThat(run().err()).contains("FANFARE_PROT is not known");
    environment.clear();
    environment.put("FANFARE_PORT", "0");
    assertThat(run()).isEqualTo(bad("The configured port is 0 (any free one); add --url.\n"));
  }

  @Test
  void anUnreachableServerIsExplained() throws IOException {
    try (ClosedPort closed = new ClosedPort()) {
      String url = "http://127.0.0.1:" + closed.number();
      assertThat(run("--url", url)).isEqualTo(bad("fanfare: no server answers at " + url + "\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:6001", "ftp://localhost", "http://x?y", ""})
  void aWrongUrlIsExplained(String url) {
    assertThat(run("--url", url))
        .isEqualTo(bad("--url is \"" + url + "\", but must look like http://localhost:6001.\n"));
  }

  @Test
  void theRequestIsThis() throws IOException {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    assertThat(asked(answer)).isEqualTo("GET /p/ready HTTP/1.0\r\nHost: HOST\r\n\r\n");
    assertThat(says(answer)).isEqualTo(new Outcome(0, "OK\n", ""));
  }

  @Test
  void anUnexpectedAnswerIsHarmless() throws IOException {
    assertThat(says("HTTP/1.0 500 x\r\n\r\na\u001b[2Jb").err())
        .endsWith(" answered 500:\n  a [2Jb\n");
    assertThat(says("SSH-2.0-x\r\n").err()).endsWith(" did not answer: its answer is not HTTP\n");
    assertThat(says("").exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void httpsIsVerified(TlsOptions.Engine engine, @TempDir Path folder) throws IOException {
    Authority authority = Authority.in(folder).issue("good").issue("other", "DNS:example.com");
    String ca = folder.resolve("root.pem").toString();
    try (TestNode good = secure(authority.options("good").withEngine(engine));
        TestNode other = secure(authority.options("other").withEngine(engine))) {
      String url = "https://localhost:" + good.port();
      assertThat(run("--url", url, "--ca", ca)).isEqualTo(new Outcome(0, "OK\n", ""));
      assertThat(run("--url", url, "--insecure")).isEqualTo(new Outcome(0, "OK\n", ""));
      assertThat(run("--url", url).err())
          .startsWith("fanfare: no TLS with the server at " + url + ": ");
      String wrongName = "https://localhost:" + other.port();
      assertThat(run("--url", wrongName, "--ca", ca).exitCode()).isEqualTo(1);
      assertThat(run("--url", wrongName, "--insecure").exitCode()).isZero();
      assertThat(run("--url", url, "--ca", folder.resolve("none.pem").toString()).exitCode())
          .isEqualTo(1);
    }
  }

  private static TestNode secure(TlsOptions tls) {
    return TestNode.start(
        TestNode.options(0).withTls(tls),
        FanfareServer.Clocks.SYSTEM,
        ServerListener.NONE,
        TestNode.APP);
  }

  @Test
  void aSilentServerIsATimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      assertThatIOException()
          .isThrownBy(new ReadinessProbe(url, 10, null)::ask)
          .withMessage("the server at " + url + " did not answer within 10 ms");
    }
  }

  /// The outcome of the command for a server that sends just this.
  private Outcome says(String answer) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> asked = answering(server, answer);
      Outcome outcome = run("--url", "http://127.0.0.1:" + server.getLocalPort());
      asked.join();
      return outcome;
    }
  }

  /// The request of the command, without the host name.
  private String asked(String answer) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> asked = answering(server, answer);
      String host = "127.0.0.1:" + server.getLocalPort();
      run("--url", "http://" + host + "/p");
      return asked.join().replace(host, "HOST");
    }
  }

  private static CompletableFuture<String> answering(ServerSocket server, String answer) {
    return CompletableFuture.supplyAsync(() -> {
      try (Socket socket = server.accept()) {
        StringBuilder asked = new StringBuilder();
        while (!asked.toString().endsWith("\r\n\r\n")) {
          asked.append((char) socket.getInputStream().read());
        }
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        return asked.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
