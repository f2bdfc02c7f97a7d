package dev.fanfare.transport.fallback;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts the requests of one client in the order in which it made them. Browsers use several
/// sockets, so requests may overtake each other. Pusher-js numbers all requests of a page: numbers
/// rise, and those that went elsewhere are missing here, so a request that seems early is held for
/// a moment only. Confined to the connection's lane.
///
/// @param <S> a request
final class SendOrder<S> {

  /// Numbers of other requests that are remembered.
  private static final int MAX_SEEN = 16;

  /// Requests that are next, whatever is held.
  private final Deque<S> ready = new ArrayDeque<>(1);

  /// Sends, and the numbers of other requests as empty ones.
  private final TreeMap<Long, Optional<S>> held = new TreeMap<>();

  /// How many of those are sends.
  private int sends;

  /// The number after the highest one that was passed on.
  private long next;

  /// Another kind of request has arrived.
  ///
  /// @param number negative if it has none
  void onSeen(long number) {
    if (next == 0 || held.size() >= MAX_SEEN) {
      next = Math.max(next, number + 1);
    } else if (number >= next) {
      var _ = held.putIfAbsent(number, Optional.empty());
    }
    skipSeen();
  }

  /// Adds a send.
  ///
  /// @param number negative if it has none
  void add(long number, S request) {
    if (number < next || held.putIfAbsent(number, Optional.of(request)) != null) {
      ready.add(request);
    } else {
      sends++;
    }
  }

  /// Removes the send that comes next; null if there is none, or one before it may still arrive.
  ///
  /// @param isOverdue true if nothing is awaited any more
  @Nullable S poll(boolean isOverdue) {
    S first = ready.poll();
    if (first != null || sends == 0) {
      return first;
    }
    skipSeen();
    while (!held.isEmpty() && (isOverdue || held.firstKey() == next)) {
      Map.Entry<Long, Optional<S>> lowest = held.pollFirstEntry();
      next = Math.max(next, lowest.getKey() + 1);
      if (lowest.getValue().isPresent()) {
        sends--;
        return lowest.getValue().get();
      }
    }
    return null;
  }

  private void skipSeen() {
    while (!held.isEmpty() && held.firstKey() <= next && held.firstEntry().getValue().isEmpty()) {
      next = Math.max(next, held.pollFirstEntry().getKey() + 1);
    }
  }

  /// True if no send waits.
  boolean isEmpty() {
    return ready.isEmpty() && sends == 0;
  }
}
