package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.budget.Memory;
import dev.fanfare.transport.memory.DirectMemory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the memory is divided, as it is configured.
final class LedgerConfigTest {

  @TempDir Path directory;

  private final Memory memory = DirectMemory.ofProcess();

  @Test
  void aShareCanBeSet() {
    Config config = new Given(directory).yaml("server: {request_memory_bytes: 1000000}").config();
    assertThat(config.ledger()).isEqualTo(LedgerOptions.DERIVED.withRequestMemoryBytes(1_000_000));
  }

  @Test
  void sharesThatDoNotFitAreRefused() {
    long direct = memory.directBytes();
    long derived = Ledger.limits(LedgerOptions.DERIVED, memory).requestMemoryBytes();
    assertThat(
            new Given(directory).yaml("server: {backlog_memory_bytes: " + direct + "}").problems())
        .containsExactly(
            "fanfare.yaml:1:32: server.request_memory_bytes ("
                + derived
                + ") and server.backlog_memory_bytes ("
                + direct
                + ") may be at most "
                + Ledger.maxDirectBytes(memory)
                + " together, of "
                + direct
                + " bytes of direct memory (-XX:MaxDirectMemorySize)");
    assertThat(
            new Given(directory)
                .variable("FANFARE_WEBHOOK_MEMORY_BYTES", "" + memory.heapBytes())
                .problems())
        .singleElement()
        .asString()
        .contains(
            "FANFARE_WEBHOOK_MEMORY_BYTES ("
                + memory.heapBytes()
                + "), server.cache_memory_bytes (")
        .contains(" and server.history_memory_bytes (")
        .endsWith(" together, of " + memory.heapBytes() + " bytes of heap (-Xmx)");
  }

  @Test
  void aDerivedLimitIsPrintedWithItsDerivation() {
    long derived = Ledger.limits(LedgerOptions.DERIVED, memory).cacheMemoryBytes();
    assertThat(new Given(directory).yaml("server: {webhook_memory_bytes: 5}").printed())
        .containsPattern(
            "  cache_memory_bytes: 0 +# default: " + derived + " bytes, 1/8 of the heap\n")
        .containsPattern("  webhook_memory_bytes: 5 +# fanfare.yaml:1:32\n");
  }
}
