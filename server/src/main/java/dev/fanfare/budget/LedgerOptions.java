package dev.fanfare.budget;

import io.soabase.recordbuilder.core.RecordBuilder;

/// The limits of the shares in bytes; 0 derives a limit from the process's memory.
///
/// @param requestMemoryBytes see [Ledger#requests]
/// @param backlogMemoryBytes see [Ledger#backlog]
/// @param webhookMemoryBytes see [Ledger#webhooks]
/// @param cacheMemoryBytes see [Ledger#caches]
/// @param historyMemoryBytes see [Ledger#history]
@RecordBuilder
public record LedgerOptions(
    long requestMemoryBytes,
    long backlogMemoryBytes,
    long webhookMemoryBytes,
    long cacheMemoryBytes,
    long historyMemoryBytes)
    implements LedgerOptionsBuilder.With {

  public static final LedgerOptions DERIVED = new LedgerOptions(0, 0, 0, 0, 0);
}
