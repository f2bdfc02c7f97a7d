package dev.fanfare.config.schema;

import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.budget.Memory;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.transport.memory.DirectMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How memory is divided: keys below `server:`, variables `FANFARE_…_MEMORY_BYTES`.
public final class LedgerSchema {

  static final Kind<Long> BYTES = new Kind.Bytes(0, 1L << 40);

  static final Option<Long> REQUESTS =
      Option.atStart(
          "request_memory_bytes",
          BYTES,
          0L,
          "Direct memory for all incomplete requests and messages together; 0 means a quarter of"
              + " the direct memory. When it is used up, the connection that holds most is"
              + " closed.");

  static final Option<Long> BACKLOG =
      Option.atStart(
          "backlog_memory_bytes",
          BYTES,
          0L,
          "Direct memory for everything that clients have not read yet; 0 means a quarter of the"
              + " direct memory. When it is used up, the slowest reader is closed with 4100.");

  static final Option<Long> WEBHOOKS =
      Option.atStart(
          "webhook_memory_bytes",
          BYTES,
          0L,
          "Heap for webhook events that wait to be sent; 0 means an eighth of the heap.");

  static final Option<Long> CACHES =
      Option.atStart(
          "cache_memory_bytes",
          BYTES,
          0L,
          "Heap for the last events of cache channels; 0 means an eighth of the heap.");

  static final List<Option<?>> ALL = List.of(REQUESTS, BACKLOG, WEBHOOKS, CACHES);

  private LedgerSchema() {}

  public static LedgerOptions options(Section server) {
    return new LedgerOptions(
        server.get(REQUESTS), server.get(BACKLOG), server.get(WEBHOOKS), server.get(CACHES));
  }

  /// Refuses limits that are set and together exceed the memory of this process.
  public static void check(Section server, Problems problems) {
    if (ALL.stream().noneMatch(server::has)) {
      return;
    }
    Memory memory = DirectMemory.ofProcess();
    LedgerOptions limits = Ledger.limits(options(server), memory);
    check(
        server.setting(REQUESTS),
        limits.requestMemoryBytes(),
        server.setting(BACKLOG),
        limits.backlogMemoryBytes(),
        Ledger.maxDirectBytes(memory),
        "of " + memory.directBytes() + " bytes of direct memory (-XX:MaxDirectMemorySize)",
        problems);
    check(
        server.setting(WEBHOOKS),
        limits.webhookMemoryBytes(),
        server.setting(CACHES),
        limits.cacheMemoryBytes(),
        Ledger.maxHeapBytes(memory),
        "of " + memory.heapBytes() + " bytes of heap (-Xmx)",
        problems);
  }

  private static void check(
      Setting<Long> one,
      long oneBytes,
      Setting<Long> other,
      long otherBytes,
      long max,
      String ofWhat,
      Problems problems) {
    if (oneBytes + otherBytes > max) {
      Setting<?> blamed = one.source().equals(Source.DEFAULT) ? other : one;
      String text =
          one.name()
              + " ("
              + oneBytes
              + ") and "
              + other.name()
              + " ("
              + otherBytes
              + ") may be at most "
              + max
              + " together, "
              + ofWhat;
      problems.error(blamed.source(), text);
    }
  }

  /// What a limit of 0 comes to in this process, for `config print`; null for another option or
  /// value.
  public static @Nullable String derived(Option<?> option, Object value) {
    if (!ALL.contains(option) || !value.equals(0L)) {
      return null;
    }
    LedgerOptions limits = Ledger.limits(LedgerOptions.DERIVED, DirectMemory.ofProcess());
    boolean isDirect = option.equals(REQUESTS) || option.equals(BACKLOG);
    long bytes = isDirect ? limits.requestMemoryBytes() : limits.webhookMemoryBytes();
    return bytes + " bytes, " + (isDirect ? "1/4 of the direct memory" : "1/8 of the heap");
  }
}
