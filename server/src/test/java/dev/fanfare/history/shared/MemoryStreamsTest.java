package dev.fanfare.history.shared;

import dev.fanfare.testing.MemoryStreams;
import java.util.HashMap;
import java.util.Map;

/// The engine in memory, with which others are tested.
final class MemoryStreamsTest extends StreamsContract {

  private final Map<String, MemoryStreams.Engine> engines = new HashMap<>();

  @Override
  protected Streams streams(String cluster) {
    return engines.computeIfAbsent(cluster, _ -> new MemoryStreams.Engine()).node();
  }

  @Override
  protected void pass(long ms) {
    engines.values().forEach(engine -> engine.pass(ms));
  }
}
