package dev.fanfare.webhook.outbox;

/// The outbox in memory.
final class MemoryOutboxTest extends OutboxContract {

  @Override
  protected Outbox open() {
    return Outboxes.inMemory(MAX_DEAD_LETTERS);
  }
}
