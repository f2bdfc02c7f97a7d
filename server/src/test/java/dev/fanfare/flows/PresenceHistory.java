package dev.fanfare.flows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to one user of a presence channel in a real run, to be compared with what one
/// client learned: is there an order of the user's joins and leaves, consistent with real time,
/// that explains it, if the client may learn of each up to some time later? All times are
/// nanoseconds of one clock.
///
/// Each stay is before, in, or after for the client, and only goes forward. A sweep over the times
/// at which something is observed or becomes impossible, keeps each stay as far back as it can.
///
/// @param stays of the user's connections
record PresenceHistory(List<Stay> stays) {

  /// One connection was in the channel. Each border was decided at some time in its interval.
  record Stay(long joinFromNs, long joinToNs, long leaveFromNs, long leaveToNs) {}

  /// The client learns whether the user is present: from its first list of members, or by a notice.
  record Seen(long atNs, boolean isPresent) {}

  private enum Phase {
    BEFORE,
    IN,
    AFTER
  }

  /// What cannot be explained, or null if everything can.
  ///
  /// @param seen first the list of members, then the notices, in order
  /// @param endNs when the client was last known to have received everything
  /// @param staleNs how late a client may learn of a change
  @Nullable String problem(List<Seen> seen, long endNs, long staleNs) {
    Phase[] phases = new Phase[stays.size()];
    Arrays.fill(phases, Phase.BEFORE);
    for (int i = 0; i < seen.size(); i++) {
      Seen now = seen.get(i);
      if (i > 0 && now.isPresent() == seen.get(i - 1).isPresent()) {
        return "learned twice that the user is " + word(now.isPresent());
      }
      long untilNs = i + 1 < seen.size() ? seen.get(i + 1).atNs() : endNs;
      for (long atNs : moments(now.atNs(), untilNs, staleNs)) {
        if (!advance(phases, now.isPresent(), atNs, staleNs)) {
          return "cannot be "
              + word(now.isPresent())
              + " at "
              + atNs
              + ", as learned at "
              + now.atNs();
        }
      }
    }
    return null;
  }

  private static String word(boolean isPresent) {
    return isPresent ? "present" : "absent";
  }

  /// The beginning, the end, and each time between after which something is no longer possible.
  private List<Long> moments(long fromNs, long untilNs, long staleNs) {
    List<Long> moments = new ArrayList<>(List.of(fromNs, untilNs));
    for (Stay stay : stays) {
      moments.add(stay.joinToNs() + staleNs + 1);
      moments.add(stay.leaveToNs() + staleNs + 1);
    }
    moments.removeIf(atNs -> atNs < fromNs || atNs > untilNs);
    return moments.stream().sorted().toList();
  }

  private boolean advance(Phase[] phases, boolean isPresent, long atNs, long staleNs) {
    int in = isPresent ? chosen(phases, atNs, staleNs) : -1;
    if (isPresent && in < 0) {
      return false;
    }
    for (int i = 0; i < phases.length; i++) {
      Phase next = i == in ? Phase.IN : earliest(phases[i], stays.get(i), isPresent, atNs, staleNs);
      if (next == null) {
        return false;
      }
      phases[i] = next;
    }
    return true;
  }

  /// The stay by which the user is present: one that is so already, else the one that may have
  /// ended first.
  private int chosen(Phase[] phases, long atNs, long staleNs) {
    List<Integer> possible = new ArrayList<>();
    for (int i = 0; i < phases.length; i++) {
      if (phases[i] != Phase.AFTER && isPossible(Phase.IN, stays.get(i), atNs, staleNs)) {
        possible.add(i);
      }
    }
    return possible.stream()
        .min(
            Comparator.<Integer, Boolean>comparing(i -> phases[i] != Phase.IN)
                .thenComparing(i -> stays.get(i).leaveFromNs()))
        .orElse(-1);
  }

  private static @Nullable Phase earliest(
      Phase since, Stay stay, boolean mayBeIn, long atNs, long staleNs) {
    for (Phase phase : Phase.values()) {
      if (phase.compareTo(since) >= 0
          && (phase != Phase.IN || mayBeIn)
          && isPossible(phase, stay, atNs, staleNs)) {
        return phase;
      }
    }
    return null;
  }

  private static boolean isPossible(Phase phase, Stay stay, long atNs, long staleNs) {
    return switch (phase) {
      case BEFORE -> atNs - staleNs <= stay.joinToNs();
      case IN -> atNs >= stay.joinFromNs() && atNs - staleNs <= stay.leaveToNs();
      case AFTER -> atNs >= stay.leaveFromNs();
    };
  }
}
