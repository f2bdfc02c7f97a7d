package dev.fanfare.history.segment;

import dev.fanfare.history.PresenceEvents;
import java.util.Arrays;

/// The index of the segment that is being written, on the heap: 16 bytes for each key of a record.
/// Most have one, joins, leaves and purges two, and purges of a user three. Guarded by the lock of
/// the log.
final class OpenIndex implements SegmentIndex {

  private static final int FIRST = 64;
  private static final int HEADS = 1 << 10;
  private static final int MAX_HEADS = 1 << 18;

  private long[] keys = new long[FIRST];
  private int[] offsets = new int[FIRST];

  /// The record before with the same head; -1 for none.
  private int[] previous = new int[FIRST];

  private int[] heads = heads(HEADS);
  private int size;

  private static int[] heads(int count) {
    int[] heads = new int[count];
    Arrays.fill(heads, -1);
    return heads;
  }

  int size() {
    return size;
  }

  long keyAt(int index) {
    return keys[index];
  }

  int offsetAt(int index) {
    return offsets[index];
  }

  /// Adds a record.
  void add(SegmentRecord added, int offset) {
    add(SegmentIndex.key(added), offset);
    if (added instanceof SegmentRecord.Purge purge) {
      add(PURGES, offset);
      if (PresenceEvents.isUser(purge.channel())) {
        add(USER_PURGES, offset);
      }
    } else if (added instanceof SegmentRecord.Event event) {
      String user = event.user();
      if (user != null) {
        add(SegmentIndex.key(user, true), offset);
      }
    }
  }

  void add(long key, int offset) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      offsets = Arrays.copyOf(offsets, 2 * size);
      previous = Arrays.copyOf(previous, 2 * size);
      if (heads.length < MAX_HEADS) {
        heads = heads(2 * heads.length);
        for (int i = 0; i < size; i++) {
          link(i);
        }
      }
    }
    keys[size] = key;
    offsets[size] = offset;
    link(size);
    size++;
  }

  private void link(int index) {
    int head = (int) keys[index] & (heads.length - 1);
    previous[index] = heads[head];
    heads[head] = index;
  }

  @Override
  public Offsets offsets(long key) {
    int count = 0;
    int[] newestFirst = new int[8];
    for (int i = heads[(int) key & (heads.length - 1)]; i >= 0; i = previous[i]) {
      if (keys[i] == key) {
        if (count == newestFirst.length) {
          newestFirst = Arrays.copyOf(newestFirst, 2 * count);
        }
        newestFirst[count] = offsets[i];
        count++;
      }
    }
    return new Found(newestFirst, count);
  }

  @SuppressWarnings("ArrayRecordComponent") // made for one search
  private record Found(int[] newestFirst, int count) implements Offsets {
    @Override
    public int at(int index) {
      return newestFirst[count - 1 - index];
    }
  }
}
