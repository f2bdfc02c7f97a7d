package dev.fanfare.webhook;

/// The outbox in memory.
final class MemoryOutboxTest extends OutboxContract {

  @Override
  Outbox open() {
    return Outboxes.inMemory(MAX_DEAD_LETTERS);
  }
}
