package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.attack.AttackKind;
import java.util.List;

/// What an examination does.
///
/// @param kinds the attacks, in order
/// @param sockets the most that an attack holds at a time
/// @param durationNs of each attack
/// @param recoveryNs the most that the server may take to be as before
public record AbusePlan(List<AttackKind> kinds, int sockets, long durationNs, long recoveryNs) {

  private static final long MIN_CALM_NS = 400_000_000L;
  private static final long MAX_CALM_NS = 3_000_000_000L;

  public AbusePlan {
    kinds = List.copyOf(kinds);
  }

  /// How long bystanders are measured before and, at least, after each attack.
  long calmNs() {
    return Math.min(MAX_CALM_NS, Math.max(MIN_CALM_NS, durationNs / 3));
  }
}
