package dev.fanfare.clients;

import dev.fanfare.testing.EngineNodes;
import dev.fanfare.testing.RedisNodes;
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

  @Override
  EngineNodes startNodes() throws IOException {
    return RedisNodes.start(folder, 2, APP, RULES);
  }
}
