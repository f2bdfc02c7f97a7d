package dev.fanfare.bus;

import dev.fanfare.testing.MemoryBus;
import java.util.List;

/// The bus that tests use keeps the contract.
final class MemoryBusTest extends BusContract {

  @Override
  List<? extends Bus> open(int count) {
    return MemoryBus.join(count);
  }
}
