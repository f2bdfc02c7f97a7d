package dev.fanfare.observe;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Whether this node wants further connections, and if not, why. What is connected is not
/// concerned. Any thread.
public final class Readiness {

  /// What a node may be short of, or about to do.
  public enum Cause {
    FILES,
    LAG,
    MEMORY,
    SHUTDOWN
  }

  /// Sentences by what they are about, so that one cause can go while another stays.
  private final Map<Cause, String> reasons = new ConcurrentSkipListMap<>();

  private volatile @Nullable String first;
  private volatile @Nullable String leaving;

  /// From now on no connections are wanted because of `cause`.
  ///
  /// @param sentence what a client and an operator read; says what is wrong, without a full stop
  public void refuse(Cause cause, String sentence) {
    reasons.put(cause, sentence);
    first = reasons.values().iterator().next();
  }

  /// `cause` speaks against connections no longer.
  public void allow(Cause cause) {
    reasons.remove(cause);
    var left = reasons.values().iterator();
    first = left.hasNext() ? left.next() : null;
  }

  /// From now on balancers are told to look elsewhere; who comes nonetheless is welcome.
  ///
  /// @param sentence what an operator reads, without a full stop
  public void leave(String sentence) {
    leaving = sentence;
  }

  /// Why no further connection is wanted; null if it is.
  public @Nullable String refusal() {
    return first;
  }

  /// True if `cause` speaks against further connections.
  public boolean isRefused(Cause cause) {
    return reasons.containsKey(cause);
  }

  /// True once this node is about to end.
  public boolean isLeaving() {
    return leaving != null;
  }

  /// Everything that speaks against sending further connections here; empty if nothing does.
  public List<String> reasons() {
    String last = leaving;
    return reasons.isEmpty() && last != null ? List.of(last) : List.copyOf(reasons.values());
  }
}
