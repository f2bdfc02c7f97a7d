package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.NatsNodes;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules for history of a node whose NATS keeps nothing.
@Tag("one-node")
final class StartWithoutJetStreamTest {

  private static final int LIFE_SECONDS = 120;

  @TempDir private Path folder;

  private static Map<String, String> variables(String url, boolean hasRule) {
    Map<String, String> variables = new HashMap<>(NatsNodes.variables(TestNode.APP, url, "a"));
    if (hasRule) {
      variables.put("FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "feed-");
    }
    return variables;
  }

  @Test
  void isRefused() throws Exception {
    try (NatsProcess plain = NatsProcess.start(folder)) {
      String url = "nats://127.0.0.1:" + plain.port();
      Process process = ServerProcess.start(LIFE_SECONDS, variables(url, true));
      try {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output)
            .endsWith(
                "The server cannot start: the NATS at "
                    + url
                    + " has no JetStream, which history on several nodes needs: start nats-server"
                    + " with -js, or enable JetStream for the account of this user\n");
        assertThat(process.waitFor(LIFE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void succeedsWithoutARule() throws IOException {
    try (NatsProcess plain = NatsProcess.start(folder);
        RunningServer node =
            RunningServer.start(
                LIFE_SECONDS, "", variables("nats://127.0.0.1:" + plain.port(), false))) {
      assertThat(node.port()).isPositive();
    }
  }

  /// An engine that is away may have JetStream when it comes back.
  @Test
  void succeedsWithoutEngine() throws IOException {
    try (RunningServer node =
        RunningServer.start(LIFE_SECONDS, "", variables("nats://127.0.0.1:1", true))) {
      assertThat(node.port()).isPositive();
    }
  }
}
