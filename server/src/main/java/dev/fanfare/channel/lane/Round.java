package dev.fanfare.channel.lane;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// The audiences of a lane for which events wait, and how a turn is divided between them. Confined
/// to the lane.
///
/// One after the other gets what is left of the turn, so a large audience has several turns and
/// small ones do not wait for it. What costs is the system call for each socket: sockets that have
/// been written to in this turn then get what waits for them in other channels too, as long as both
/// walks meet them in the same order, as they do if clients subscribe to the same channels.
final class Round {

  /// Deliveries of a turn at most, to sockets that cost a system call anyway.
  static final int MAX_JOINED = 10 * Lane.MAX_TURN;

  /// Audiences that are asked in a turn whether they have such a socket: each costs some cache
  /// misses, in vain where channels have no clients in common.
  private static final int MAX_ASKED = 16;

  /// Delivers to some subscribers of an audience.
  @FunctionalInterface
  interface Delivery {

    /// Never throws.
    ///
    /// @param budget subscribers at most
    /// @return how many deliveries were made, at least 1
    int deliver(Audience audience, int budget);
  }

  private final ArrayDeque<Audience> waiting = new ArrayDeque<>();
  private final Delivery delivery;

  Round(Delivery delivery) {
    this.delivery = delivery;
  }

  int size() {
    return waiting.size();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Adds an audience for which an event waits; does nothing if it is here.
  void add(Audience audience) {
    if (!audience.isQueued) {
      audience.isQueued = true;
      waiting.add(audience);
    }
  }

  /// Serves the audiences.
  ///
  /// @param budget deliveries at most, not counting those that cost no additional system call
  /// @return how many of these were made
  int serve(int budget) {
    int left = budget;
    while (left > 0 && !waiting.isEmpty()) {
      Audience audience = waiting.remove();
      try {
        left -= delivery.deliver(audience, left);
      } finally {
        audience.isQueued = false;
        if (audience.hasWork()) {
          add(audience);
        }
      }
    }
    join();
    return budget - left;
  }

  private void join() {
    int left = MAX_JOINED;
    Iterator<Audience> each = waiting.iterator();
    for (int asked = 0; asked < MAX_ASKED && left > 0 && each.hasNext(); asked++) {
      Audience audience = each.next();
      int joining = unflushed(audience, left);
      if (joining == 0) {
        continue;
      }
      try {
        left -= delivery.deliver(audience, joining);
      } finally {
        if (!audience.hasWork()) {
          audience.isQueued = false;
          each.remove();
        }
      }
    }
  }

  /// How many of the next subscribers in a row were written to in this turn.
  private static int unflushed(Audience audience, int most) {
    int count = 0;
    while (count < most && isUnflushed(audience.upcoming(count))) {
      count++;
    }
    return count;
  }

  private static boolean isUnflushed(@Nullable Subscriber next) {
    return next != null && next.isUnflushed();
  }
}
