package dev.fanfare.transport.memory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sockets of one lane by the bytes that each stands for, in one list per power of two: setting
/// a value and finding the largest take a constant time. Confined to the lane, except for
/// [#largest].
final class Ranking<M extends Ranking.Member> {

  /// Members of the topmost list that are compared. There are few of them if they are large.
  private static final int COMPARED = 256;

  /// What has a rank.
  public abstract static class Member {

    private long bytes;

    /// The list it is in, and its index there; -1 for none.
    private int list = -1;

    private int index;

    public final long bytes() {
      return bytes;
    }
  }

  private final List<List<M>> lists = new ArrayList<>(Long.SIZE);

  /// A bit for each list that is not empty.
  private long occupied;

  private volatile long largest;

  Ranking() {
    for (int i = 0; i < Long.SIZE; i++) {
      lists.add(new ArrayList<>(0));
    }
  }

  /// About as many bytes as the largest member has, and at most twice as many. Any thread.
  long largest() {
    return largest;
  }

  /// The member with most bytes; null if none has any. If very many have about as many, one of
  /// them.
  @Nullable M most() {
    if (occupied == 0) {
      return null;
    }
    List<M> top = lists.get(topList());
    M most = top.getLast();
    int compared = Math.min(COMPARED, top.size());
    for (int i = 0; i < compared; i++) {
      M other = top.get(i);
      if (other.bytes() > most.bytes()) {
        most = other;
      }
    }
    return most;
  }

  /// Gives a member its rank; with 0 bytes it has none.
  void set(M member, long bytes) {
    Member entry = member;
    entry.bytes = bytes;
    int list = bytes == 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes);
    if (list == entry.list) {
      return;
    }
    if (entry.list >= 0) {
      remove(entry);
    }
    entry.list = list;
    if (list >= 0) {
      List<M> next = lists.get(list);
      entry.index = next.size();
      next.add(member);
      occupied |= 1L << list;
    }
    long top = occupied == 0 ? 0 : 2L << topList();
    if (top != largest) {
      largest = top;
    }
  }

  /// Removes a member from its list; the last one moves to its index.
  private void remove(Member entry) {
    List<M> old = lists.get(entry.list);
    M last = old.removeLast();
    if (last != entry) {
      old.set(entry.index, last);
      ((Member) last).index = entry.index;
    }
    if (old.isEmpty()) {
      occupied &= ~(1L << entry.list);
    }
  }

  private int topList() {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(occupied);
  }
}
