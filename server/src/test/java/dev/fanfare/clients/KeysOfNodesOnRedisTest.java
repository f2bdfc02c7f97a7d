package dev.fanfare.clients;

import dev.fanfare.testing.EngineProcess;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Idempotency keys of two processes that share a real Redis.
@ExtendWith(CrashGuard.class)
@Tag("one-node")
final class KeysOfNodesOnRedisTest extends KeysOfNodesContract {

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
  RunningServer node(int index) {
    return nodes.node(index);
  }

  @Override
  EngineProcess engine() {
    return nodes.redis().process();
  }
}
