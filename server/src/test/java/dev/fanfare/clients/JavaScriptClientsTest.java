package dev.fanfare.clients;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.KillableNodes;
import dev.fanfare.testing.NodeScript;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RestartingServer;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The official JavaScript clients, unmodified, against a running server: pusher-js in Node and in
/// Chromium, Laravel Echo and the Node server SDK. Every test file in `src/test/js` is a test here.
final class JavaScriptClientsTest {
  private static final Path FOLDER = Path.of("src", "test", "js");

  /// Not on two nodes: history is for a single node as yet.
  private static final String HISTORY = "history.test.js";

  private static final String RESUME = "resume.test.js";

  private static final List<String> RESTARTS = List.of("restart.test.js", "restartOfPages.test.js");

  private static final String KILLED_NODE = "killedNode.test.js";

  /// Not on two nodes: all requests of a session must reach one.
  private static final String FALLBACK = "fallback.test.js";

  private static final Duration FILE_TIMEOUT = Duration.ofMinutes(4);

  @TempDir private static Path outputs;

  @TempDir private static Path certificates;

  @BeforeAll
  static void issue() throws IOException {
    var _ = Authority.in(certificates).issue("ec");
  }

  /// Lets a test in JavaScript wait until two nodes know of each other what has happened.
  private static HttpServer settling;

  @BeforeAll
  static void listenForSettling() throws IOException {
    settling = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    settling.createContext(
        "/",
        exchange -> {
          TestNode.settle();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    settling.start();
  }

  @AfterAll
  static void stopListening() {
    settling.stop(0);
  }

  @BeforeAll
  static void installPackagesAndBrowser() throws IOException {
    Programs.requireJavaScript();
  }

  @TestFactory
  Stream<DynamicTest> everyFilePasses() throws IOException {
    List<String> files;
    try (Stream<Path> entries = Files.list(FOLDER)) {
      files = entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
    return files.stream()
        .filter(file -> file.endsWith(".test.js"))
        .filter(file ->
            !TestNode.isOnTwoNodes()
                || !(RESTARTS.contains(file)
                    || List.of(HISTORY, RESUME, KILLED_NODE, FALLBACK).contains(file)))
        .map(file -> dynamicTest(file, () -> passes(file)));
  }

  /// Also fails when the file ran no test, which `run.js` checks.
  private static void passes(String file) throws Exception {
    int receiverPort = FreePort.number();
    if (RESTARTS.contains(file)) {
      Path data = Files.createTempDirectory(outputs, "data");
      try (RestartingServer server = new RestartingServer(data)) {
        passes(
            file,
            server.port(),
            TestNode.APP,
            Map.of("FANFARE_TEST_RESTART_URL", server.restartUrl()));
      }
      return;
    }
    if (file.equals(KILLED_NODE)) {
      try (KillableNodes nodes = new KillableNodes(outputs)) {
        passes(
            file,
            nodes.port(),
            TestNode.APP,
            Map.of(
                "FANFARE_TEST_CONTROL_URL", nodes.controlUrl(),
                "FANFARE_TEST_OTHER_PORT", Integer.toString(nodes.otherPort())));
      }
      return;
    }
    try (TestNode node = node(file, receiverPort)) {
      passes(
          file,
          node.port(),
          node.app(),
          Map.of("FANFARE_TEST_WEBHOOK_PORT", Integer.toString(receiverPort)));
    }
  }

  private static void passes(String file, int port, App app, Map<String, String> more)
      throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder("node", "run.js", file);
    command
        .environment()
        .put("FANFARE_TEST_SETTLE_URL", "http://127.0.0.1:" + settling.getAddress().getPort());
    command
        .environment()
        .putAll(
            Map.of(
                "FANFARE_TEST_HOST", "127.0.0.1",
                "FANFARE_TEST_PORT", Integer.toString(port),
                "FANFARE_TEST_APP_ID", app.id(),
                "FANFARE_TEST_APP_KEY", app.key(),
                "FANFARE_TEST_APP_SECRET", app.secret().reveal(),
                "FANFARE_TEST_CERTIFICATE", certificates.resolve("ec.pem").toString(),
                "NODE_EXTRA_CA_CERTS", certificates.resolve("root.pem").toString()));
    command.environment().putAll(more);
    NodeScript.succeeds(file, command, outputs, FILE_TIMEOUT);
  }

  /// The server for this file; webhooks go to a port that the file chooses.
  private static TestNode node(String file, int receiverPort) {
    AppOptions options = TestNode.APP.options();
    String receiver = "http://127.0.0.1:" + receiverPort + "/hook";
    return switch (file) {
      case "compression.test.js" -> TestNode.start(TestNode.COMPRESSING_APP);
      case HISTORY ->
          TestNode.start(
              TestNode.APP.withHistory(
                  List.of(
                      HistoryRule.DEFAULTS.withChannels(ChannelFilter.ALL.withPrefix("missed-")),
                      HistoryRule.DEFAULTS
                          .withReplay(HistoryRule.Replay.REWIND)
                          .withRewindEvents(3)
                          .withPresenceEvents(true))));
      case RESUME -> TestNode.start(TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS)));
      case "origins.test.js" ->
          TestNode.start(
              TestNode.APP.withOptions(
                  options.withAllowedOrigins(List.of("https://allowed.example"))));
      case "webhooks.test.js" ->
          TestNode.start(
              WebhookOptions.DEFAULTS.withHoldBackSeconds(0),
              TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(receiver))));
      case "tls.test.js" ->
          TestNode.start(
              TestNode.options(0)
                  .withTls(
                      TlsOptions.OFF
                          .withCertificate(certificates.resolve("ec-chain.pem").toString())
                          .withKey(certificates.resolve("ec.key").toString())
                          .withOnly(true)),
              FanfareServer.Clocks.SYSTEM,
              ServerListener.NONE,
              TestNode.APP);
      default -> TestNode.start();
    };
  }
}
