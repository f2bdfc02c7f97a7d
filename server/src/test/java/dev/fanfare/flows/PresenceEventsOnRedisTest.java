package dev.fanfare.flows;

import dev.fanfare.testing.EngineNodes;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// Joins and leaves in a real Redis.
@Tag("one-node")
final class PresenceEventsOnRedisTest extends PresenceEventsContract {

  @TempDir private Path folder;

  @Override
  EngineNodes start(Map<String, String> variables) throws IOException {
    return RedisNodes.start(folder, 2, TestNode.APP, variables);
  }
}
