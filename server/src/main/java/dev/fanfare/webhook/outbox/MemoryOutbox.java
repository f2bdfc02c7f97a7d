package dev.fanfare.webhook.outbox;

import dev.fanfare.budget.Share;

/// An outbox in memory: for servers that do not keep webhooks on disk.
public final class MemoryOutbox extends TableOutbox {

  private final MemoryTable table = new MemoryTable();
  private final Share memory;

  /// @param maxDeadLetters dead letters that are kept, of all apps
  /// @param memory for entries and dead letters
  public MemoryOutbox(int maxDeadLetters, Share memory) {
    MemoryParts parts = MemoryParts.of(memory, false);
    super(maxDeadLetters, parts.pending(), parts.deadLetters());
    this.memory = memory;
  }

  @Override
  protected Table table() {
    return table;
  }

  @Override
  protected void apply(OutboxChange change, Counts after, long afterNextId) {
    change.accepted().forEach(entry -> memory.add(entry.draft().bytes()));
    change.settled().forEach(entry -> memory.release(entry.draft().bytes()));
    change.died().forEach(letter -> memory.add(letter.bytes()));
    change.forgotten().forEach(letter -> memory.release(letter.bytes()));
    table.apply(change);
  }

  @Override
  protected String setting() {
    return memory.setting();
  }

  @Override
  public boolean isOnDisk() {
    return false;
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void close() {}
}
