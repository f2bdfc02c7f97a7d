package dev.fanfare.cluster;

import dev.fanfare.app.ChannelKey;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/// How many recent events had to make room for newer ones or became too old, by channel and second:
/// a node whose subscriber they have missed is sent their number in their place. Bounded. Confined
/// to one thread.
final class Evicted {

  /// Adds up events that a node has missed.
  @FunctionalInterface
  interface Tally {
    void add(MeshListener.Loss reason, long events);
  }

  static final int MAX_RUNS = 16_384;

  /// Events of one channel within so long are one run.
  static final long RUN_NS = 1_000_000_000;

  /// Events of one channel that followed each other, and which nodes have got them.
  private static final class Run {
    private final ChannelKey key;
    private final MeshListener.Loss reason;
    private final BitSet given;
    private final long firstNs;
    private long lastNs;
    private long count = 1;

    Run(ChannelKey key, MeshListener.Loss reason, BitSet given, long atNs) {
      this.key = key;
      this.reason = reason;
      this.given = given;
      this.firstNs = atNs;
      this.lastNs = atNs;
    }

    boolean continuesWith(MeshListener.Loss nextReason, BitSet nextGiven, long atNs) {
      return atNs - firstNs < RUN_NS && reason == nextReason && given.equals(nextGiven);
    }
  }

  /// Oldest first, by their first event.
  private final ArrayDeque<Run> all = new ArrayDeque<>();

  private final Map<ChannelKey, ArrayDeque<Run>> channels = new HashMap<>();

  /// The latest event of the runs that had to make room themselves.
  private long forgottenNs;

  private boolean hasForgotten;

  int runs() {
    return all.size();
  }

  /// Adds an event, which is not older than those before.
  ///
  /// @param reason why it is not kept any more
  /// @param given the slots of the nodes that have got it; owned by this object now
  void add(String app, String channel, MeshListener.Loss reason, long atNs, BitSet given) {
    ChannelKey key = new ChannelKey(app, channel);
    ArrayDeque<Run> ofChannel = channels.computeIfAbsent(key, _ -> new ArrayDeque<>(1));
    Run last = ofChannel.peekLast();
    if (last != null && last.continuesWith(reason, given, atNs)) {
      last.lastNs = atNs;
      last.count++;
      return;
    }
    Run run = new Run(key, reason, given, atNs);
    ofChannel.add(run);
    all.add(run);
    if (all.size() > MAX_RUNS) {
      Run oldest = removeFirst();
      forgottenNs = hasForgotten ? Math.max(forgottenNs, oldest.lastNs) : oldest.lastNs;
      hasForgotten = true;
    }
  }

  /// How many events of a channel since a moment a node has not got, not counting those that are
  /// older than one that it has got. They count as given. Up to [#RUN_NS] of older ones may be
  /// counted as well; and events that are not known any more count as one, whichever their channel.
  void take(String app, String channel, long sinceNs, int slot, Tally to) {
    if (hasForgotten && forgottenNs - sinceNs >= 0) {
      to.add(MeshListener.Loss.BYTES, 1);
    }
    ArrayDeque<Run> ofChannel = all.isEmpty() ? null : channels.get(new ChannelKey(app, channel));
    if (ofChannel == null) {
      return;
    }
    Iterator<Run> newestFirst = ofChannel.descendingIterator();
    while (newestFirst.hasNext()) {
      Run run = newestFirst.next();
      if (run.given.get(slot)) {
        return;
      }
      if (run.lastNs - sinceNs >= 0) {
        run.given.set(slot);
        to.add(run.reason, run.count);
      }
    }
  }

  /// Drops what is older.
  void expire(long beforeNs) {
    while (!all.isEmpty() && all.getFirst().lastNs - beforeNs < 0) {
      var _ = removeFirst();
    }
    hasForgotten = hasForgotten && forgottenNs - beforeNs >= 0;
  }

  /// The slot will be that of another node.
  void forget(int slot) {
    all.forEach(run -> run.given.clear(slot));
  }

  /// The oldest of all is the oldest of its channel.
  private Run removeFirst() {
    Run first = all.remove();
    ArrayDeque<Run> ofChannel = channels.get(first.key);
    if (ofChannel == null || ofChannel.remove() != first) {
      throw new IllegalStateException("no run of " + first.key);
    }
    if (ofChannel.isEmpty()) {
      channels.remove(first.key);
    }
    return first;
  }
}
