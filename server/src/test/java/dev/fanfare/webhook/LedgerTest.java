package dev.fanfare.webhook;

/// The outbox in memory.
final class LedgerTest extends OutboxContract {

  @Override
  Outbox open() {
    return new Ledger(MAX_DEAD_LETTERS);
  }
}
