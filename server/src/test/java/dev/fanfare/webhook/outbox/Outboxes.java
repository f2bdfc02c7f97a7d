package dev.fanfare.webhook.outbox;

import dev.fanfare.budget.Share;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.util.ArrayList;
import java.util.List;

/// Helpers for outboxes.
public final class Outboxes {

  private Outboxes() {}

  /// A share of memory that is not used up.
  public static Share memory() {
    return memory(1L << 40);
  }

  /// A share of memory with this limit, bytes.
  public static Share memory(long limit) {
    return new Share("webhooks", "webhook_memory_bytes", limit);
  }

  /// An outbox in memory without a limit in bytes.
  public static Outbox inMemory(int maxDeadLetters) {
    return new MemoryOutbox(maxDeadLetters, memory());
  }

  /// All pending entries, in order.
  public static List<Entry> pending(Outbox outbox) {
    List<Entry> all = new ArrayList<>();
    outbox.forEachPending(all::addAll);
    return all;
  }
}
