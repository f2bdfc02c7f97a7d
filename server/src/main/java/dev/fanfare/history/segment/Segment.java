package dev.fanfare.history.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Some records in a row: a file with the records, and one with their index once nothing more is
/// appended. Written by one thread; the index is guarded by the lock of the log.
final class Segment implements AutoCloseable {

  /// Ends the names of files with records.
  static final String SUFFIX = ".segment";

  /// Ends the names of files that are not complete yet.
  static final String NEW_SUFFIX = ".new";

  private static final String INDEX_SUFFIX = ".index";

  /// A segment with a purge ends after that time: what was purged is to be gone within a day.
  private static final long MAX_PURGE_MS = TimeUnit.HOURS.toMillis(6);

  private final SegmentFile file;
  private SegmentIndex index;
  private SegmentTotals totals;

  /// When the first purge was appended since it was opened, milliseconds since 1970; 0 if none was.
  private long firstPurgeMs;

  /// Bytes after a fault that were cut at the start; 0 if there was none.
  private final long cutBytes;

  private Segment(SegmentFile file, SegmentIndex index, SegmentTotals totals, long cutBytes) {
    this.file = file;
    this.index = index;
    this.totals = totals;
    this.cutBytes = cutBytes;
  }

  static Segment create(Path path, long nowMs) throws IOException {
    return new Segment(SegmentFile.create(path, nowMs), new OpenIndex(), SegmentTotals.NONE, 0);
  }

  /// An existing segment, without what follows a fault; null if nothing of it can be read, after
  /// which it has another name.
  static @Nullable Segment open(Path path) throws IOException {
    SegmentFile file = SegmentFile.open(path);
    if (file == null) {
      Files.move(path, SegmentFile.aside(path), StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(index(path));
      return null;
    }
    try {
      SealedIndex sealed = SealedIndex.open(index(path), file.end());
      if (sealed != null) {
        return new Segment(file, sealed, sealed.totals(), 0);
      }
      OpenIndex index = new OpenIndex();
      SegmentTotals[] totals = {SegmentTotals.NONE};
      long[] purgeMs = new long[1];
      long cut =
          file.scan((offset, found) -> {
            index.add(found, offset);
            totals[0] = totals[0].and(found);
            if (found instanceof SegmentRecord.Purge purge && purgeMs[0] == 0) {
              purgeMs[0] = purge.purgedMs();
            }
          });
      Segment segment = new Segment(file, index, totals[0], cut);
      segment.firstPurgeMs = purgeMs[0];
      return segment;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /// The file with the index of a segment.
  static Path index(Path path) {
    return path.resolveSibling(path.getFileName() + INDEX_SUFFIX);
  }

  /// What was found damaged when it was opened, a sentence without a full stop; empty if nothing
  /// was.
  String damage() {
    return cutBytes == 0
        ? ""
        : path()
            + " is damaged after "
            + totals.records()
            + " records; the last "
            + cutBytes
            + " bytes were moved to "
            + SegmentFile.aside(path());
  }

  long createdMs() {
    return file.createdMs();
  }

  SegmentTotals totals() {
    return totals;
  }

  Path path() {
    return file.path();
  }

  /// Bytes of its records.
  long size() {
    return file.end();
  }

  /// When the first purge was appended since it was opened, milliseconds since 1970; 0 if none was.
  long firstPurgeMs() {
    return firstPurgeMs;
  }

  /// True if it has a purge that was appended long ago: what was purged is to be gone within a day.
  boolean isToBeCleaned(long nowMs) {
    return firstPurgeMs != 0 && Math.abs(nowMs - firstPurgeMs) > MAX_PURGE_MS;
  }

  /// True if nothing is appended, and all its records are older than that.
  boolean isExpired(long keepSeconds, long nowMs) {
    return isSealed() && nowMs - totals.newestMs() > keepSeconds * 1_000;
  }

  /// The offsets of all its records, ascending. Only if it is sealed.
  int[] allOffsets() throws IOException {
    return ((SealedIndex) index).all();
  }

  /// True if nothing may be appended.
  boolean isSealed() {
    return !(index instanceof OpenIndex);
  }

  /// Appends records, all or none, which are found after [#add].
  ///
  /// @return where the first of them begins
  long append(ByteBuffer records) throws IOException {
    long at = file.end();
    file.append(records);
    return at;
  }

  /// Adds appended records to the index. Only while the lock of the log is held for writing.
  ///
  /// @param offsets where each of them begins
  void add(List<SegmentRecord> records, int[] offsets) {
    OpenIndex open = (OpenIndex) index;
    for (int i = 0; i < offsets.length; i++) {
      open.add(records.get(i), offsets[i]);
      totals = totals.and(records.get(i));
      if (records.get(i) instanceof SegmentRecord.Purge purge && firstPurgeMs == 0) {
        firstPurgeMs = purge.purgedMs();
      }
    }
  }

  /// Writes the index to a file, after which nothing may be appended.
  SealedIndex writeIndex() throws IOException {
    file.sync();
    return SealedIndex.write(index(path()), (OpenIndex) index, totals, size());
  }

  /// Only while the lock of the log is held for writing.
  void seal(SealedIndex sealed) {
    index = sealed;
  }

  /// The offsets of a channel's records, and perhaps of some others. Only while the lock of the log
  /// is held.
  Offsets offsets(long key) throws IOException {
    return index.offsets(key);
  }

  /// Null if it is damaged. Only while the lock of the log is held.
  @Nullable SegmentRecord read(int offset) throws IOException {
    return file.read(offset);
  }

  void sync() throws IOException {
    file.sync();
  }

  @Override
  public void close() throws IOException {
    if (index instanceof SealedIndex sealed) {
      sealed.close();
    }
    file.close();
  }

  /// Closes it and deletes its files.
  void delete() throws IOException {
    close();
    Files.deleteIfExists(index(path()));
    Files.deleteIfExists(SegmentFile.aside(path()));
    Files.deleteIfExists(path());
  }
}
