package dev.fanfare.channel.lane;

import dev.fanfare.observe.LaneTally;
import java.util.ArrayList;
import java.util.List;

/// What the deliveries of one turn of a lane leave behind. Confined to the lane.
final class Turn {

  /// The index of the lane.
  final int lane;

  final LaneTally tally;

  /// Subscribers that were written to and not flushed.
  final List<Subscriber> unflushed = new ArrayList<>();

  /// Events that were written to all subscribers of the lane.
  final List<Outbound> written = new ArrayList<>();

  /// The sum of [Outbound#load] of events that no longer wait.
  long taken;

  /// Facts that no longer wait.
  int facts;

  Turn(int lane, LaneTally tally) {
    this.lane = lane;
    this.tally = tally;
  }

  /// This message no longer waits.
  void take(Outbound outbound) {
    long load = outbound.load();
    taken += load;
    facts += load == 0 ? 1 : 0;
  }
}
