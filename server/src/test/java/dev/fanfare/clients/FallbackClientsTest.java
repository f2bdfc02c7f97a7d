package dev.fanfare.clients;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.testing.NodeScript;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pusher-js over HTTP passes the tests that it passes over WebSocket.
@Tag("one-node")
final class FallbackClientsTest {

  private static final Duration TIMEOUT = Duration.ofMinutes(8);

  @TempDir private static Path outputs;

  @BeforeAll
  static void installPackages() throws IOException {
    Programs.requireJavaScript();
  }

  private static void pass(String transport, TestNode node, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", "run.js"));
    command.addAll(List.of(words));
    ProcessBuilder process = new ProcessBuilder(command);
    process
        .environment()
        .putAll(
            Map.of(
                "FANFARE_TEST_TRANSPORT", transport,
                "FANFARE_TEST_HOST", "127.0.0.1",
                "FANFARE_TEST_PORT", Integer.toString(node.port()),
                "FANFARE_TEST_APP_ID", node.app().id(),
                "FANFARE_TEST_APP_KEY", node.app().key(),
                "FANFARE_TEST_APP_SECRET", node.app().secret().reveal()));
    NodeScript.succeeds(transport, process, outputs, TIMEOUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xhr_streaming", "xhr_polling"})
  void theTestsOfChannelsAndUsersPass(String transport) throws Exception {
    try (TestNode node = TestNode.start()) {
      pass(
          transport,
          node,
          "browser",
          "public",
          "private",
          "presence",
          "clientEvents",
          "cache",
          "encrypted",
          "subscriptionCount",
          "users");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xhr_streaming", "xhr_polling"})
  void theTestsOfResumePass(String transport) throws Exception {
    try (TestNode node = TestNode.start(TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS)))) {
      pass(transport, node, "resume");
    }
  }
}
