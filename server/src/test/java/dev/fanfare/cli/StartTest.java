package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Authority;
import dev.fanfare.testing.LogFields;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a separate process, from its first line to its exit code.
final class StartTest {

  private static final int PATIENCE_SECONDS = 30;

  private static final Pattern OPTIONAL_CLASSES =
      Pattern.compile(
          " (?:tools\\.jackson\\.databind|dev\\.fanfare\\.(?:redis|nats)|io\\.lettuce|io\\.nats"
              + "|reactor|com\\.zaxxer|org\\.postgresql|org\\.mariadb)\\.");

  private static final Predicate<String> CLUSTER_THREAD =
      Pattern.compile("fanfare-(?:cluster|wire)|lettuce|nats").asPredicate();

  @TempDir private Path folder;

  /// A started server; its output up to and including the line that starts with `last`.
  private record Started(Process process, List<String> lines) implements AutoCloseable {

    static Started upTo(String last, Map<String, String> environment) throws IOException {
      Process process = ServerProcess.start(PATIENCE_SECONDS, environment);
      BufferedReader reader = process.inputReader();
      List<String> lines = new ArrayList<>();
      String line;
      do {
        line = reader.readLine();
        assertThat(line).as("after %s", lines).isNotNull();
        lines.add(line);
      } while (!line.startsWith(last));
      return new Started(process, lines);
    }

    String text() {
      return String.join("\n", lines) + "\n";
    }

    String find(String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(text());
      assertThat(matcher.find()).as(text()).isTrue();
      return matcher.group(1);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /// Tries again while a busy machine makes the server shed load.
  private static RawSocket connect(int port, String key) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      try {
        return RawSocket.established(port, key);
      } catch (IOException e) {
        boolean isShed = String.valueOf(e.getMessage()).contains("overloaded");
        if (!isShed || System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  @Test
  void theConsolesLinkIsPrintedOnce() throws IOException {
    Map<String, String> environment =
        Map.of("FANFARE_CONSOLE", "true", "FANFARE_CONSOLE_PORT", "0");
    try (Started server = Started.upTo("  Log in to the console, ", environment)) {
      String console = server.find("  console    (http://127\\.0\\.0\\.1:\\d+)\n");
      assertThat(server.find("once within ten minutes: (.*)#login=[\\w-]{22}\n"))
          .isEqualTo(console + "/");
    }
  }

  @Test
  void theOutputOfAServerWithoutConfigurationWorks() throws IOException {
    Programs.require("bash", "openssl", "curl");
    try (Started server = Started.upTo("  \"http://", Map.of())) {
      String text = server.text();
      int port = Integer.parseInt(server.find("http://localhost:(\\d+)"));
      try (RawSocket socket = connect(port, server.find("key +([0-9a-f]{20})\n"))) {
        socket.subscribe("my-channel");
        socket.nextTextContaining("subscription_succeeded");
        String shell = text.substring(text.indexOf("\nbody='"));
        assertThat(Programs.run("bash", "-c", shell)).contains("200 OK");
        assertThat(socket.nextTextContaining("my-event")).contains("{\\\"hello\\\":\\\"world\\\"}");
      }
      server.process().destroy(); // SIGTERM
      assertThat(Programs.waitFor(server.process())).isZero();
    }
  }

  /// Data binding costs a start some 100 ms, and serves administration only. The clients of Redis
  /// and NATS serve a cluster only.
  @Test
  void eventsAreServedWithoutDataBindingAndWithoutEngines() throws IOException {
    Programs.require("bash", "openssl", "curl");
    Path log = folder.resolve("classes.log");
    String option = "-Xlog:class+load:file=" + log;
    try (Started server = Started.upTo("  \"http://", Map.of("JDK_JAVA_OPTIONS", option))) {
      String text = server.text();
      int port = Integer.parseInt(server.find("http://localhost:(\\d+)"));
      try (RawSocket socket = connect(port, server.find("key +([0-9a-f]{20})\n"))) {
        socket.subscribe("my-channel");
        socket.nextTextContaining("subscription_succeeded");
        Programs.run("bash", "-c", text.substring(text.indexOf("\nbody='")));
        socket.nextTextContaining("my-event");
        try (RawHttp http = new RawHttp(port)) {
          http.send(RawHttp.request("GET", "/usage", ""));
          assertThat(http.next().body()).contains("percent");
        }
      }
      assertThat(Files.readAllLines(log))
          .anyMatch(line -> line.contains("tools.jackson.core.json.JsonFactory"))
          .filteredOn(line -> OPTIONAL_CLASSES.matcher(line).find())
          .isEmpty();
    }
  }

  /// Those of a cluster are there in a node that has one, so their names are right.
  @Test
  void aSingleNodeHasNoThreadOfACluster() throws IOException {
    try (Started single = Started.upTo("  \"http://", Map.of())) {
      int port = Integer.parseInt(single.find("http://localhost:(\\d+)"));
      connect(port, single.find("key +([0-9a-f]{20})\n")).close();
      assertThat(threads(single)).contains("fanfare-housekeeping").noneMatch(CLUSTER_THREAD);
    }
    Map<String, String> cluster =
        Map.of(
            "FANFARE_CLUSTER_BUS",
            "redis",
            "FANFARE_CLUSTER_REDIS_URLS",
            "redis://127.0.0.1:1"); // nothing listens there
    try (Started joining = Started.upTo("  \"http://", cluster)) {
      assertThat(threads(joining)).contains("fanfare-cluster", "fanfare-wire");
    }
  }

  private static List<String> threads(Started server) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String dump = Programs.run(jcmd, String.valueOf(server.process().pid()), "Thread.print");
    return Pattern.compile("^\"([^\"]+)\"", Pattern.MULTILINE)
        .matcher(dump)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /// The options that all ways to start have in common leave room for the classes of a start.
  @Test
  void aStartNeedsNoFullCollection() throws IOException {
    Path log = folder.resolve("gc.log");
    String options =
        "@"
            + Path.of("lib/always.options").toAbsolutePath()
            + " -XX:+UseSerialGC -Xlog:gc:file="
            + log;
    try (Started server = Started.upTo("  \"http://", Map.of("JDK_JAVA_OPTIONS", options))) {
      int port = Integer.parseInt(server.find("http://localhost:(\\d+)"));
      connect(port, server.find("key +([0-9a-f]{20})\n")).close();
    }
    assertThat(Files.readAllLines(log))
        .anyMatch(line -> line.contains("Using Serial"))
        .noneMatch(line -> line.contains("Pause Full"));
  }

  @Test
  void theOutputOfAServerWithACertificateWorks() throws IOException {
    Programs.require("bash", "openssl", "curl");
    Authority authority = Authority.in(folder).issue("ec");
    Map<String, String> environment =
        Map.of(
            "FANFARE_TLS_CERTIFICATE", authority.path("ec-chain.pem").toString(),
            "FANFARE_TLS_KEY", authority.path("ec.key").toString());
    try (Started server = Started.upTo("  \"https://", environment)) {
      String text = server.text();
      int port = Integer.parseInt(server.find("address +https://localhost:(\\d+)"));
      assertThat(text).contains("wssPort: " + port, "forceTLS: true", "PUSHER_SCHEME=https");
      assertThat(server.find("tls +(.*)"))
          .matches("localhost, valid until \\S+Z; plain text on port " + port);
      assertThat(server.find("transport +(.*)")).endsWith(", TLS by BoringSSL");
      try (SSLSocket insistent = authority.connect(port, "TLSv1.2")) {
        insistent.startHandshake(); // a second one on the same connection
        assertThatThrownBy(() -> insistent.getInputStream().read())
            .isInstanceOf(SSLException.class);
      }
      String key = server.find("key +([0-9a-f]{20})\n");
      try (RawSocket socket = new RawSocket(authority.connect(port)).establish(key)) {
        socket.subscribe("my-channel");
        socket.nextTextContaining("subscription_succeeded");
        String shell = text.substring(text.indexOf("\nbody='"));
        String trust = "export CURL_CA_BUNDLE='" + authority.path("root.pem") + "'";
        assertThat(Programs.run("bash", "-c", trust + shell)).contains("200 OK");
        assertThat(socket.nextTextContaining("my-event")).contains("{\\\"hello\\\":\\\"world\\\"}");
      }
    }
  }

  @Test
  void aSecondSignalDoesNotWaitForTheDrain() throws IOException {
    Map<String, String> slow =
        Map.of("FANFARE_DRAIN_CONNECTIONS_PER_SECOND", "1", "FANFARE_DRAIN_SECONDS", "3600");
    try (Started server = Started.upTo("  \"http://", slow)) {
      int port = Integer.parseInt(server.find("http://localhost:(\\d+)"));
      String key = server.find("key +([0-9a-f]{20})\n");
      try (RawSocket first = RawSocket.established(port, key);
          RawSocket second = RawSocket.established(port, key);
          RawSocket third = RawSocket.established(port, key)) {
        server.process().destroy(); // SIGTERM
        assertThat(CompletableFuture.anyOf(closing(first), closing(second), closing(third)).join())
            .isEqualTo(4100);
        assertThat(server.process().isAlive()).as("the others are still being served").isTrue();
        server.process().destroy();
        assertThat(Programs.waitFor(server.process())).isEqualTo(137);
      }
    }
  }

  @Test
  void theLastLineSaysHowManyConnectionsWereDrained() throws IOException {
    Map<String, String> slow =
        Map.of(
            "FANFARE_APPS", "abc:a-secret@1",
            "FANFARE_DRAIN_DELAY_SECONDS", "1",
            "FANFARE_DRAIN_SECONDS", "1");
    try (Started server = Started.upTo("  app ", slow)) {
      int port = Integer.parseInt(server.find("http://localhost:(\\d+)"));
      try (RawSocket first = ServerProcess.connect(port, "abc");
          RawSocket second = ServerProcess.connect(port, "abc");
          RawHttp probe = new RawHttp(port)) {
        server.process().toHandle().destroy(); // SIGTERM, and the output can still be read
        BufferedReader reader = server.process().inputReader();
        String line = reader.readLine();
        while (line != null && !line.contains("shutting down")) {
          line = reader.readLine();
        }
        await("503 while load balancers still look")
            .until(() -> probe.send(RawHttp.request("GET", "/ready", "")).next().status() == 503);
        first.nextClose();
        second.nextClose();
        List<String> rest = reader.lines().toList();
        assertThat(rest)
            .noneMatch(refusal -> refusal.contains("/ready"))
            .last()
            .asString()
            .matches("\\S+ INFO  server: stopped: drained 2 connections in \\d+\\.\\d s");
      }
      assertThat(Programs.waitFor(server.process())).isZero();
    }
  }

  @Test
  void aFailedStartIsJsonToo() throws IOException {
    Map<String, String> wrong =
        Map.of("FANFARE_LOG", "json", "FANFARE_APPS", "abc:a-secret@1", "FANFARE_PROT", "1");
    assertThat(failure(wrong, 2))
        .extracting(
            line -> line.get("level") + " " + line.get("logger") + " " + line.get("message"))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ERROR config environment: FANFARE_PROT "),
            line ->
                assertThat(line)
                    .isEqualTo("ERROR config not started, problems in the configuration: 1"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Map<String, String> busy =
          Map.of(
              "FANFARE_LOG", "json",
              "FANFARE_APPS", "abc:a-secret@1",
              "FANFARE_METRICS_PORT", port);
      assertThat(failure(busy, 1))
          .last()
          .satisfies(line ->
              assertThat(line)
                  .containsEntry("level", "ERROR")
                  .containsEntry("logger", "server")
                  .extractingByKey("message")
                  .asString()
                  .startsWith("not started: ")
                  .contains(port));
    }
  }

  /// All lines of a server that does not start.
  private static List<Map<String, String>> failure(Map<String, String> environment, int exitCode)
      throws IOException {
    Process process = ServerProcess.start(PATIENCE_SECONDS, environment);
    List<Map<String, String>> lines = process.inputReader().lines().map(LogFields::of).toList();
    assertThat(Programs.waitFor(process)).isEqualTo(exitCode);
    return lines;
  }

  private static CompletableFuture<Object> closing(RawSocket socket) {
    CompletableFuture<Object> code = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            code.complete(socket.nextClose().closeCode());
          } catch (IOException e) {
            // The test ends the others with their process and does not wait for them.
            assertThat(code).isNotNull();
          }
        });
    return code;
  }

  @Test
  void aConfiguredServerKeepsItsSecrets() throws IOException {
    Map<String, String> environment = Map.of("FANFARE_APPS", "abc:not-shown@main");
    try (Started server = Started.upTo("  app ", environment)) {
      assertThat(server.text())
          .doesNotContain("not-shown")
          .contains("  app        main, key abc\n")
          .containsPattern(
              "T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ WARN  config:"
                  + " environment: FANFARE_APPS_0_ID is \"main\";");
    }
  }

  @Test
  void metricsAreServedAtThePrintedAddress() throws Exception {
    try (Started server = Started.upTo("  app ", Map.of("FANFARE_APPS", "abc:x@1"))) {
      int port =
          Integer.parseInt(server.find("  metrics +http://127\\.0\\.0\\.1:(\\d+)/metrics\n"));
      try (RawHttp http = new RawHttp(port)) {
        String page = http.send(RawHttp.request("GET", "/metrics", "")).next().body();
        assertThat(page).contains("\nfanfare_connections{app=\"1\"} 0.0\n");
      }
      String taken = String.valueOf(port);
      Process second = ServerProcess.start(PATIENCE_SECONDS, Map.of("FANFARE_METRICS_PORT", taken));
      assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith(
              "The server cannot start: cannot listen on 127.0.0.1:"
                  + taken
                  + " for metrics (metrics_host, metrics_port): Address already in use\n");
      assertThat(Programs.waitFor(second)).isEqualTo(1);
    }
  }

  @Test
  void aJsonLogIsNothingButJson() throws Exception {
    Map<String, String> environment = Map.of("FANFARE_LOG", "json", "FANFARE_APPS", "abc:x@main");
    try (Started server = Started.upTo("{", environment)) {
      List<String> messages = new ArrayList<>();
      for (String line : server.lines()) {
        messages.add(LogFields.of(line).getOrDefault("message", ""));
      }
      assertThat(messages).hasSize(1).first().asString().contains("FANFARE_APPS_0_ID is \"main\"");
    }
  }
}
