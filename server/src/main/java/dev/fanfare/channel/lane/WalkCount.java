package dev.fanfare.channel.lane;

import dev.fanfare.observe.LaneTally;
import java.util.List;

/// Counts what becomes of the messages of one walk, if one of them is traced. What is written for
/// each delivery anyway is not counted: only what is left out. Confined to the lane.
final class WalkCount {

  private static final int EXCLUDED = 0;
  private static final int YOUNGER = 1;
  private static final int BEHIND = 2;
  private static final int CLOSING = 3;
  private static final int KINDS = 4;

  private final int lane;
  private final LaneTally tally;
  private final List<Outbound> walking;
  private final int members;
  private final int catchingUp;

  /// What concerns all messages of the walk.
  private int behind;

  private int closing;

  /// What concerns a single message, by message and kind.
  private final int[] single;

  private long behindMark;
  private long closingMark;

  /// @param catchingUp subscriptions that are not members of the audience yet
  WalkCount(Turn turn, List<Outbound> walking, int members, int catchingUp) {
    this.lane = turn.lane;
    this.tally = turn.tally;
    this.walking = walking;
    this.members = members;
    this.catchingUp = catchingUp;
    this.single = new int[walking.size() * KINDS];
  }

  /// True if one of the messages is traced.
  static boolean isNeeded(List<Outbound> walking) {
    for (int i = 0; i < walking.size(); i++) {
      if (walking.get(i).trace() != null) {
        return true;
      }
    }
    return false;
  }

  /// A message has no member to go to.
  static void none(Outbound outbound, Turn turn, int catchingUp) {
    DeliveryTrace trace = outbound.trace();
    if (trace != null) {
      trace.onWalked(turn.lane, new DeliveryTrace.Walk(catchingUp, 0, 0, catchingUp, 0));
    }
  }

  /// What the lane counts from here on is part of the walk.
  void begin() {
    behindMark = tally.behind();
    closingMark = tally.closing();
  }

  /// What it has counted since concerns all messages.
  void end() {
    behind += (int) (tally.behind() - behindMark);
    closing += (int) (tally.closing() - closingMark);
    begin();
  }

  /// What it has counted since concerns one message.
  void endSingle(int message) {
    add(message, BEHIND, (int) (tally.behind() - behindMark));
    add(message, CLOSING, (int) (tally.closing() - closingMark));
    begin();
  }

  /// One subscription does not get a message.
  void skipped(int message, boolean isExcluded) {
    add(message, isExcluded ? EXCLUDED : YOUNGER, 1);
  }

  /// A member has left before it was reached, or cannot be written to.
  void lost() {
    closing++;
  }

  private void add(int message, int kind, int count) {
    single[message * KINDS + kind] += count;
  }

  /// The walk is over.
  void report() {
    for (int i = 0; i < walking.size(); i++) {
      DeliveryTrace trace = walking.get(i).trace();
      if (trace != null) {
        int all = members - single[i * KINDS + YOUNGER];
        int excluded = single[i * KINDS + EXCLUDED];
        int late = behind + single[i * KINDS + BEHIND];
        int ended = closing + single[i * KINDS + CLOSING];
        int reached = Math.max(0, all - excluded - late - ended);
        trace.onWalked(
            lane,
            new DeliveryTrace.Walk(all + catchingUp, reached, excluded, late + catchingUp, ended));
      }
    }
  }
}
