package dev.fanfare.metrics;

import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.Share;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// The memory held on behalf of peers, by share. Registered once; read by any thread.
final class LedgerMeters {

  private LedgerMeters() {}

  static void register(MeterRegistry registry, Ledger ledger) {
    for (Share share : ledger.shares()) {
      Gauge.builder("fanfare.memory.held", share, Share::used)
          .description("Memory held on behalf of peers")
          .baseUnit("bytes")
          .tag("share", share.name())
          .strongReference(true)
          .register(registry);
      Gauge.builder("fanfare.memory.held.limit", share, Share::limit)
          .description("The most memory that may be held on behalf of peers")
          .baseUnit("bytes")
          .tag("share", share.name())
          .strongReference(true)
          .register(registry);
      FunctionCounter.builder("fanfare.memory.refusals", share, Share::refusals)
          .description("How often a share of the memory was used up")
          .tag("share", share.name())
          .register(registry);
    }
  }
}
