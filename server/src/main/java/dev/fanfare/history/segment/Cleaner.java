package dev.fanfare.history.segment;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Takes what was purged out of segments that have ended, by [Rewrite]. It goes through them once
/// after each that ends with a purge, a little at a time, since the same thread writes events.
/// Confined to that thread.
final class Cleaner {

  /// Bytes that one step copies: some milliseconds.
  static final long STEP_BYTES = 8L << 20;

  /// Purges for which one step looks into a segment.
  private static final int STEP_PURGES = 500;

  private boolean isRequested;

  /// Segments that are still to be looked into, oldest first.
  private final Queue<Segment> left = new ArrayDeque<>();

  private Map<String, SegmentRecord.Purge> purges = Map.of();

  /// When the last of them was, milliseconds since 1970.
  private long lastPurgeMs;

  /// Those that are still to be looked for in the first of the segments.
  private Iterator<SegmentRecord.Purge> wanted = List.<SegmentRecord.Purge>of().iterator();

  private @Nullable Rewrite rewrite;

  /// A segment with a purge has ended, so that it and those before it are to be looked into.
  void request() {
    isRequested = true;
  }

  /// Segments that were rewritten.
  ///
  /// @param old which is not used any more
  record Replaced(Segment old, Segment fresh) {}

  /// Does a little; null if no segment was rewritten by this.
  ///
  /// @param all segments there are
  /// @param bytes to copy, at most about
  @Nullable Replaced step(List<Segment> all, long bytes) throws IOException {
    Rewrite current = rewrite;
    if (current != null) {
      return copy(current, all, bytes);
    }
    if (left.isEmpty() && isRequested) {
      isRequested = false;
      begin(all);
    }
    Segment first = left.peek();
    if (first == null) {
      return null;
    }
    if (!all.contains(first)) {
      pass();
      return null;
    }
    for (int i = 0; i < STEP_PURGES && wanted.hasNext(); i++) {
      if (has(first, wanted.next())) {
        rewrite = new Rewrite(first, purges);
        return null;
      }
    }
    if (!wanted.hasNext()) {
      pass();
    }
    return null;
  }

  boolean isIdle() {
    return rewrite == null && left.isEmpty() && !isRequested;
  }

  private @Nullable Replaced copy(Rewrite current, List<Segment> all, long bytes)
      throws IOException {
    if (!all.contains(current.segment())) { // it was dropped meanwhile
      abandon();
      return null;
    }
    if (!current.copy(bytes)) {
      return null;
    }
    Segment fresh = current.finish();
    rewrite = null;
    pass();
    return new Replaced(current.segment(), fresh);
  }

  /// Something failed: it is tried again from the start.
  void abandon() throws IOException {
    Rewrite current = rewrite;
    rewrite = null;
    left.clear();
    isRequested = true;
    if (current != null) {
      current.discard();
    }
  }

  private void begin(List<Segment> all) throws IOException {
    purges = new HashMap<>();
    for (Segment segment : all) {
      if (segment.isSealed()) {
        left.add(segment);
        for (SegmentRecord.Purge purge : purgesOf(segment)) {
          var _ = purges.merge(purge.channel(), purge, SegmentRecord.Purge::and);
          lastPurgeMs = Math.max(lastPurgeMs, purge.purgedMs());
        }
      }
    }
    if (purges.isEmpty()) {
      left.clear();
    }
    wanted = purges.values().iterator();
  }

  private void pass() throws IOException {
    Segment done = left.remove();
    wanted = purges.values().iterator();
    if (left.isEmpty()) {
      SegmentFolder.deleteDamaged(Objects.requireNonNull(done.path().getParent()), lastPurgeMs);
    }
  }

  /// The purges that were appended to a segment.
  static List<SegmentRecord.Purge> purgesOf(Segment segment) throws IOException {
    Offsets offsets = segment.offsets(SegmentIndex.PURGES);
    List<SegmentRecord.Purge> found = new ArrayList<>(offsets.count());
    for (int i = 0; i < offsets.count(); i++) {
      if (segment.read(offsets.at(i)) instanceof SegmentRecord.Purge purge) {
        found.add(purge);
      }
    }
    return found;
  }

  /// True if a segment has something that was purged.
  private static boolean has(Segment segment, SegmentRecord.Purge purge) throws IOException {
    return has(segment, purge, true) || (purge.withReaders() && has(segment, purge, false));
  }

  private static boolean has(Segment segment, SegmentRecord.Purge purge, boolean isEvent)
      throws IOException {
    Offsets offsets = segment.offsets(SegmentIndex.key(purge.channel(), isEvent));
    for (int i = 0; i < offsets.count(); i++) {
      SegmentRecord found = segment.read(offsets.at(i));
      if (found != null && purge.covers(found)) {
        return true;
      }
      if (found instanceof SegmentRecord.Event event && event.channel().equals(purge.channel())) {
        return false; // later ones have higher ids
      }
    }
    return false;
  }
}
