package dev.fanfare.flows;

import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.RedisNodes;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// Two processes that keep events together in a real Redis.
@Tag("one-node")
final class SharedHistoryTest extends SharedHistoryContract {

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // in startNodes
  private RedisNodes nodes;

  @Override
  void startNodes() throws IOException {
    nodes = RedisNodes.start(folder, 2, APP, RULES);
  }

  @Override
  void stopNodes() {
    nodes.close();
  }

  @Override
  int port(int node) {
    return nodes.node(node).port();
  }

  @Override
  void awaitPosition(String id) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            nodes
                .redis()
                .ask("GET", "fanfare:fanfare:{" + APP.id() + "/note-7}:h:t:phone")
                .contains(id));
  }
}
