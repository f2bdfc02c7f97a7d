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

  static final Option<Long> HISTORY =
      Option.atStart(
          "history_memory_bytes",
          BYTES,
          0L,
          "Heap for the events of channels that a rule for history covers; 0 means an eighth of the"
              + " heap. When it is used up, the app that keeps most loses its oldest events.");

  static final List<Option<?>> ALL = List.of(REQUESTS, BACKLOG, WEBHOOKS, CACHES, HISTORY);

  private LedgerSchema() {}

  public static LedgerOptions options(Section server) {
    return new LedgerOptions(
        server.get(REQUESTS),
        server.get(BACKLOG),
        server.get(WEBHOOKS),
        server.get(CACHES),
        server.get(HISTORY));
  }

  /// Refuses limits that are set and together exceed the memory of this process.
  public static void check(Section server, Problems problems) {
    if (ALL.stream().noneMatch(server::has)) {
      return;
    }
    Memory memory = DirectMemory.ofProcess();
    LedgerOptions limits = Ledger.limits(options(server), memory);
    check(
        List.of(server.setting(REQUESTS), server.setting(BACKLOG)),
        List.of(limits.requestMemoryBytes(), limits.backlogMemoryBytes()),
        Ledger.maxDirectBytes(memory),
        "of " + memory.directBytes() + " bytes of direct memory (-XX:MaxDirectMemorySize)",
        problems);
    check(
        List.of(server.setting(WEBHOOKS), server.setting(CACHES), server.setting(HISTORY)),
        List.of(
            limits.webhookMemoryBytes(), limits.cacheMemoryBytes(), limits.historyMemoryBytes()),
        Ledger.maxHeapBytes(memory),
        "of " + memory.heapBytes() + " bytes of heap (-Xmx)",
        problems);
  }

  /// @param bytes what each setting comes to
  private static void check(
      List<Setting<Long>> settings, List<Long> bytes, long max, String ofWhat, Problems problems) {
    if (bytes.stream().mapToLong(Long::longValue).sum() <= max) {
      return;
    }
    Setting<?> blamed =
        settings.stream()
            .filter(setting -> !setting.source().equals(Source.DEFAULT))
            .findFirst()
            .orElse(settings.getLast());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < settings.size(); i++) {
      String separator = i == 0 ? "" : i < settings.size() - 1 ? ", " : " and ";
      text.append(separator).append(settings.get(i).name());
      text.append(" (").append(bytes.get(i)).append(')');
    }
    text.append(" may be at most ").append(max).append(" together, ").append(ofWhat);
    problems.error(blamed.source(), text.toString());
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
