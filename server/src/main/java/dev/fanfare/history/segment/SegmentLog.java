package dev.fanfare.history.segment;

import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What all channels of one rule keep, in a folder of segments. Retention drops whole segments, so
/// that records live at most a sixteenth longer than asked for.
///
/// One thread calls what writes. Any thread reads, which may block.
public final class SegmentLog implements AutoCloseable {

  /// A segment ends after that part of the bytes and of the time that are kept.
  private static final int PARTS = 16;

  private static final long MAX_SEGMENT_BYTES = 64L << 20;

  /// A start may read that much of the last segment without its index.
  private static final long MAX_SCAN_BYTES = 2L << 20;

  private final Path folder;
  private final long diskBytes;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final RecordBuffer buffer = new RecordBuffer();
  private final Cleaner cleaner = new Cleaner();

  /// Oldest first. Changed by the thread that writes, while it has the lock for writing.
  private final List<Segment> segments = new ArrayList<>();

  /// Sentences about what was found damaged at the start.
  private final List<String> damages = new ArrayList<>();

  private long nextNumber = 1;
  private boolean isUnsynced;
  private volatile long size;
  private final LongAdder cutShort = new LongAdder();
  private final LongAdder reads = new LongAdder();

  /// True if segments before the oldest were dropped.
  private volatile boolean hasDropped;

  private SegmentLog(Path folder, long diskBytes) {
    this.folder = folder;
    this.diskBytes = diskBytes;
  }

  /// Opens the log in this folder, which is created if there is none. Damaged parts are moved
  /// aside: what is before a fault stays.
  ///
  /// @param diskBytes above which the oldest segment is dropped
  public static SegmentLog open(Path folder, long diskBytes) throws IOException {
    SegmentLog log = new SegmentLog(folder, diskBytes);
    List<Path> paths = SegmentFolder.segments(folder);
    try {
      for (Path path : paths) {
        log.openSegment(path);
      }
    } catch (IOException e) {
      log.close();
      throw e;
    }
    log.hasDropped = !paths.isEmpty() && SegmentFolder.number(paths.getFirst()) > 1;
    for (int i = 0; i < log.segments.size() - 1; i++) {
      Segment segment = log.segments.get(i);
      if (!segment.isSealed()) {
        segment.seal(segment.writeIndex());
      }
    }
    log.measure();
    log.cleaner.request(); // it may have been under way when the process ended
    return log;
  }

  private void openSegment(Path path) throws IOException {
    nextNumber = SegmentFolder.number(path) + 1;
    Segment segment = Segment.open(path);
    if (segment == null) {
      damages.add(path + " has no valid header and was moved to " + SegmentFile.aside(path));
      return;
    }
    segments.add(segment);
    if (!segment.damage().isEmpty()) {
      damages.add(segment.damage());
    }
  }

  /// Sentences about what was damaged, without full stops.
  public List<String> damages() {
    return List.copyOf(damages);
  }

  /// Appends records, all or none. They can be read when this returns, and survive the process.
  ///
  /// @param keepSeconds how long records are kept
  /// @param nowMs wall clock, milliseconds since 1970
  public void append(List<? extends SegmentRecord> records, long keepSeconds, long nowMs)
      throws IOException {
    Segment open = openSegment(keepSeconds, nowMs);
    buffer.clear();
    int[] offsets = new int[records.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = buffer.size();
      RecordCodec.encode(records.get(i), buffer);
    }
    int at = (int) open.append(buffer.written(0));
    isUnsynced = true;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] += at;
    }
    exclusively(() -> open.add(List.copyOf(records), offsets));
    measure();
  }

  /// The segment to append to, a new one if the last has ended.
  private Segment openSegment(long keepSeconds, long nowMs) throws IOException {
    Segment last = last();
    if (last != null) {
      if (!isOver(last, keepSeconds, nowMs)) {
        return last;
      }
      seal(last);
    }
    Segment fresh = Segment.create(SegmentFolder.path(folder, nextNumber), nowMs);
    nextNumber++;
    exclusively(() -> segments.add(fresh));
    return fresh;
  }

  /// The last segment; null if there is none, or it has ended.
  private @Nullable Segment last() {
    return segments.isEmpty() || segments.getLast().isSealed() ? null : segments.getLast();
  }

  private boolean isOver(Segment segment, long keepSeconds, long nowMs) {
    boolean isFull = segment.size() >= Math.min(MAX_SEGMENT_BYTES, diskBytes / PARTS);
    boolean isOld = nowMs - segment.createdMs() > Math.max(1_000, keepSeconds * 1_000 / PARTS);
    return segment.totals().records() > 0 && (isFull || isOld || segment.isToBeCleaned(nowMs));
  }

  private void seal(Segment segment) throws IOException {
    SealedIndex index = segment.writeIndex();
    exclusively(() -> segment.seal(index));
    if (segment.firstPurgeMs() != 0) {
      cleaner.request();
    }
  }

  /// Ends the last segment, so that the next start finds its index and need not read it, unless
  /// that is quick.
  public void end() throws IOException {
    Segment last = last();
    if (last != null && last.size() > MAX_SCAN_BYTES) {
      seal(last);
    }
  }

  /// Ends the last segment if it is old, and drops the first ones if they are too old, or if all
  /// take too many bytes.
  public void maintain(long keepSeconds, long nowMs) throws IOException {
    Segment last = last();
    if (last != null && isOver(last, keepSeconds, nowMs)) {
      seal(last);
    }
    while (!segments.isEmpty() && segments.getFirst().isExpired(keepSeconds, nowMs)) {
      drop();
    }
    while (size > diskBytes && segments.size() > 1) {
      cutShort.increment();
      drop();
    }
  }

  /// Takes what was purged out of segments that have ended, a little at a time.
  ///
  /// @return true if there is more to do
  public boolean clean() throws IOException {
    return clean(Cleaner.STEP_BYTES);
  }

  boolean clean(long bytes) throws IOException {
    if (cleaner.isIdle()) {
      return false;
    }
    try {
      Cleaner.Replaced replaced = cleaner.step(segments, bytes);
      if (replaced != null) {
        exclusively(() -> segments.set(segments.indexOf(replaced.old()), replaced.fresh()));
        replaced.old().close();
        measure();
      }
    } catch (IOException e) {
      cleaner.abandon();
      throw e;
    }
    return !cleaner.isIdle();
  }

  private void drop() throws IOException {
    Segment first = segments.getFirst();
    exclusively(segments::removeFirst);
    hasDropped = true;
    measure();
    first.delete();
  }

  /// Changes what others read.
  private void exclusively(Runnable change) {
    lock.writeLock().lock();
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void measure() {
    size = segments.stream().mapToLong(Segment::size).sum();
  }

  /// Returns when everything that was appended is on the disk.
  public void sync() throws IOException {
    if (isUnsynced && !segments.isEmpty()) {
      segments.getLast().sync();
      isUnsynced = false;
    }
  }

  /// Bytes of all records. Any thread.
  public long size() {
    return size;
  }

  /// Segments that were dropped before their time, because they took too many bytes. Any thread.
  public long cutShort() {
    return cutShort.sum();
  }

  /// At least the id of every event. Any thread.
  public EventId lastId() {
    return totals().lastId();
  }

  /// At least the sequence of every event. Any thread.
  public long lastSequence() {
    return totals().lastSequence();
  }

  private SegmentTotals totals() {
    lock.readLock().lock();
    try {
      return segments.stream().map(Segment::totals).reduce(SegmentTotals.NONE, SegmentTotals::and);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// A bound of the ids of all events that were dropped; [EventId#NONE] if none was. Any thread.
  public EventId droppedThrough() {
    lock.readLock().lock();
    try {
      return hasDropped && !segments.isEmpty()
          ? new EventId(segments.getFirst().createdMs(), 0)
          : EventId.NONE;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Visits the events of a channel, newest first, until the visitor returns false. Any thread.
  public void events(String channel, Predicate<SegmentRecord.Event> visitor) throws IOException {
    visit(
        SegmentIndex.key(channel, true),
        found ->
            !(found instanceof SegmentRecord.Event event && event.channel().equals(channel))
                || visitor.test(event));
  }

  /// Visits the joins and leaves of a user, newest first, until the visitor returns false. Any
  /// thread.
  public void presence(String userId, Predicate<SegmentRecord.Event> visitor) throws IOException {
    String user = PresenceEvents.user(userId);
    visit(
        SegmentIndex.key(user, true),
        found ->
            !(found instanceof SegmentRecord.Event event && user.equals(event.user()))
                || visitor.test(event));
  }

  /// Visits the purges of users, newest first, until the visitor returns false. Any thread.
  public void userPurges(Predicate<SegmentRecord.Purge> visitor) throws IOException {
    visit(
        SegmentIndex.USER_PURGES,
        found -> !(found instanceof SegmentRecord.Purge purge) || visitor.test(purge));
  }

  /// Visits everything else about a channel, newest first, until the visitor returns false. Any
  /// thread.
  public void others(String channel, Predicate<SegmentRecord> visitor) throws IOException {
    visit(
        SegmentIndex.key(channel, false),
        found ->
            found instanceof SegmentRecord.Event
                || !found.channel().equals(channel)
                || visitor.test(found));
  }

  private void visit(long key, Predicate<SegmentRecord> visitor) throws IOException {
    lock.readLock().lock();
    try {
      for (int i = segments.size() - 1; i >= 0; i--) {
        Segment segment = segments.get(i);
        Offsets offsets = segment.offsets(key);
        for (int j = offsets.count() - 1; j >= 0; j--) {
          @Nullable SegmentRecord found = read(segment, offsets.at(j));
          if (found != null && !visitor.test(found)) {
            return;
          }
        }
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Visits the events of a channel with a higher sequence, oldest first, until the visitor returns
  /// false. Does not read those before, but for a few by which it finds the first. Any thread.
  public void eventsAfter(long sequence, String channel, Predicate<SegmentRecord.Event> visitor)
      throws IOException {
    long key = SegmentIndex.key(channel, true);
    lock.readLock().lock();
    try {
      for (Segment segment : segments) {
        if (segment.totals().lastSequence() > sequence
            && !visitAfter(sequence, segment, segment.offsets(key), channel, visitor)) {
          return;
        }
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /// False if the visitor has returned false.
  private boolean visitAfter(
      long sequence,
      Segment segment,
      Offsets offsets,
      String channel,
      Predicate<SegmentRecord.Event> visitor)
      throws IOException {
    int first =
        offsets.firstAbove(
            sequence,
            offset ->
                read(segment, offset) instanceof SegmentRecord.Event event
                        && event.channel().equals(channel)
                    ? event.sequence()
                    : -1);
    for (int i = first; i < offsets.count(); i++) {
      if (read(segment, offsets.at(i)) instanceof SegmentRecord.Event event
          && event.channel().equals(channel)
          && !visitor.test(event)) {
        return false;
      }
    }
    return true;
  }

  /// Null if it is damaged. It may belong to another channel with the same key.
  private @Nullable SegmentRecord read(Segment segment, int offset) throws IOException {
    reads.increment();
    return segment.read(offset);
  }

  /// Records that were read since the log was opened. Any thread.
  public long reads() {
    return reads.sum();
  }

  @Override
  public void close() throws IOException {
    lock.writeLock().lock();
    try {
      for (Segment segment : segments) {
        segment.close();
      }
      segments.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
