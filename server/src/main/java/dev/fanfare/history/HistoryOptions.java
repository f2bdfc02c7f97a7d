package dev.fanfare.history;

import io.soabase.recordbuilder.core.RecordBuilder;

/// Where history is kept that survives the process.
///
/// @param dataDir a folder, in which the sub-folder `history` is used; empty if there is none
/// @param diskBytes for each rule; above it, the oldest events are dropped
/// @param syncMilliseconds between two times at which everything is forced to the disk; 0 for after
///   each write
/// @param onDiskFailure what publishers get while the disk fails
@RecordBuilder
public record HistoryOptions(
    String dataDir, long diskBytes, int syncMilliseconds, DiskFailure onDiskFailure)
    implements HistoryOptionsBuilder.With {

  public static final HistoryOptions DEFAULTS =
      new HistoryOptions("", 1L << 30, 1_000, DiskFailure.ACCEPT);

  /// What publishers get while events cannot be written.
  public enum DiskFailure {
    /// Events are delivered, and kept in memory.
    ACCEPT,
    /// Events that must be written are refused.
    REFUSE
  }
}
