package dev.fanfare.bus;

import dev.fanfare.testing.MemoryWire;

/// The wire that tests use.
final class MemoryWireTest extends WireContract {

  private final MemoryWire.Engine engine = new MemoryWire.Engine();

  @Override
  protected Wire wire(String cluster) {
    return engine.wire(cluster);
  }
}
