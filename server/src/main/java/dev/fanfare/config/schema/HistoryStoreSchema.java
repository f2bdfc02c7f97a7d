package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.HistoryOptions.DiskFailure;
import java.util.List;

/// Where history is kept that survives the process: keys below `server:`, variables
/// `FANFARE_HISTORY_…`.
public final class HistoryStoreSchema {

  private static final HistoryOptions DEFAULTS = HistoryOptions.DEFAULTS;

  static final Option<Long> DISK_BYTES =
      Option.atStart(
          "history_disk_bytes",
          new Kind.Bytes(1L << 20, 1L << 50),
          DEFAULTS.diskBytes(),
          "Bytes of files for each rule for history with `store: disk`; above this limit, the"
              + " oldest events are dropped.");

  static final Option<Integer> SYNC_MILLISECONDS =
      Option.atStart(
          "history_sync_milliseconds",
          new Kind.Whole(0, 60_000),
          DEFAULTS.syncMilliseconds(),
          "Milliseconds between two times at which history is forced to the disk, so that it"
              + " survives a loss of power; 0 for after each write. A crash of the server loses"
              + " nothing.");

  static final Option<DiskFailure> ON_DISK_FAILURE =
      Option.atStart(
          "history_on_disk_failure",
          new Kind.Choice<>(DiskFailure.class),
          DEFAULTS.onDiskFailure(),
          "What publishers get while history with `store: disk` cannot be written: `accept`"
              + " delivers their events and keeps them in memory, `refuse` answers 503 with"
              + " `Retry-After`.");

  static final List<Option<?>> ALL = List.of(DISK_BYTES, SYNC_MILLISECONDS, ON_DISK_FAILURE);

  private HistoryStoreSchema() {}

  /// What the sections say.
  ///
  /// @param webhooks has the folder
  public static HistoryOptions options(Section server, Section webhooks) {
    return new HistoryOptions(
        webhooks.get(WebhooksSchema.DATA_DIR),
        server.get(DISK_BYTES),
        server.get(SYNC_MILLISECONDS),
        server.get(ON_DISK_FAILURE));
  }
}
