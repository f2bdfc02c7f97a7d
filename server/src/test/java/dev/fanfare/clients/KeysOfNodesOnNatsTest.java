package dev.fanfare.clients;

import dev.fanfare.testing.EngineNodes;
import dev.fanfare.testing.NatsNodes;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Idempotency keys of two processes that share a real NATS.
@ExtendWith(CrashGuard.class)
@Tag("one-node")
final class KeysOfNodesOnNatsTest extends KeysOfNodesContract {

  @TempDir private Path folder;

  @Override
  EngineNodes startNodes() throws IOException {
    return NatsNodes.start(folder, 2, APP, RULES);
  }
}
