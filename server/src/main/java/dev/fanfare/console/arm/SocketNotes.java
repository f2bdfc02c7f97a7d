package dev.fanfare.console.arm;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.session.SocketLog;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What was written to one socket and read from it lately. Written by its lane, read by any thread.
public final class SocketNotes implements SocketLog {

  /// Notes that are kept; the oldest is forgotten.
  static final int MAX = 500;

  /// How soon the client is asked again.
  private static final long PING_NS = TimeUnit.SECONDS.toNanos(1);

  private enum Kind {
    WRITTEN,
    FLUSHED,
    READ
  }

  /// One of them.
  ///
  /// @param bytes of what was written; 0 for the others
  /// @param waiting before it was written, or after it was flushed
  private record Note(Kind kind, long atNs, int bytes, long waiting) {}

  /// How an event has left.
  ///
  /// @param writtenNs when its frame was queued, on the clock of traces
  /// @param bytes of the frame, with those of other events of the same turn
  /// @param before bytes that waited then
  /// @param flush null if it was not flushed yet
  public record Passage(long writtenNs, int bytes, long before, @Nullable Flush flush) {}

  /// How its frame was flushed.
  ///
  /// @param flushedNs when
  /// @param after bytes that the kernel has not accepted
  /// @param answeredNs when the client has sent something after that; 0 if it has not
  public record Flush(long flushedNs, long after, long answeredNs) {}

  private final NanoClock clock;
  private final long endNs;

  // Guarded by this.
  private final ArrayDeque<Note> notes = new ArrayDeque<>();
  private long askedNs;
  private boolean hasWritten;

  SocketNotes(NanoClock clock, long endNs) {
    this.clock = clock;
    this.endNs = endNs;
    this.askedNs = clock.nanoTime() - PING_NS;
  }

  @Override
  public synchronized void onWritten(int bytes, long waiting) {
    hasWritten = true;
    add(new Note(Kind.WRITTEN, clock.nanoTime(), bytes, waiting));
  }

  @Override
  public synchronized boolean onFlushed(long waiting) {
    if (!hasWritten) {
      return false;
    }
    hasWritten = false;
    long nowNs = clock.nanoTime();
    add(new Note(Kind.FLUSHED, nowNs, 0, waiting));
    boolean isDue = nowNs - askedNs >= PING_NS;
    askedNs = isDue ? nowNs : askedNs;
    return isDue;
  }

  /// Only the first after each flush says something.
  @Override
  public synchronized void onRead() {
    Note last = notes.peekLast();
    if (last != null && last.kind == Kind.FLUSHED) {
      add(new Note(Kind.READ, clock.nanoTime(), 0, 0));
    }
  }

  private void add(Note note) {
    if (notes.size() == MAX) {
      notes.removeFirst();
    }
    notes.addLast(note);
  }

  @Override
  public boolean isOver() {
    return clock.nanoTime() - endNs >= 0;
  }

  /// How an event has left that was published and then written to all subscribers of the lane
  /// between two moments; null if nothing was written to this socket meanwhile.
  public synchronized @Nullable Passage between(long publishedNs, long walkedNs) {
    Note written = null;
    Note flushed = null;
    long answeredNs = 0;
    for (Note note : notes) {
      boolean isMeanwhile = note.atNs - publishedNs >= 0 && note.atNs - walkedNs <= 0;
      if (note.kind == Kind.WRITTEN && isMeanwhile) {
        written = note;
        flushed = null;
        answeredNs = 0;
      } else if (note.kind == Kind.FLUSHED && written != null && flushed == null) {
        flushed = note;
      } else if (note.kind == Kind.READ && flushed != null && answeredNs == 0) {
        answeredNs = note.atNs;
      }
    }
    return written == null
        ? null
        : new Passage(
            written.atNs,
            written.bytes,
            written.waiting,
            flushed == null ? null : new Flush(flushed.atNs, flushed.waiting, answeredNs));
  }
}
