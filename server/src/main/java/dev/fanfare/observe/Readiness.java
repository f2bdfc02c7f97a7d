package dev.fanfare.observe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Whether this node wants further connections, and if not, why. What is connected is not
/// concerned. Any thread.
public final class Readiness {

  /// What may be wrong with a node.
  public enum Cause {
    /// No app is enabled.
    APPS,
    /// It is no longer valid.
    CERTIFICATE,
    FILES,
    LAG,
    MEMORY,
    /// The node is about to end.
    SHUTDOWN
  }

  /// Sentences by what they are about, so that one cause can go while another stays.
  private final Map<Cause, String> refusals = new ConcurrentSkipListMap<>();

  private final Map<Cause, String> discouragements = new ConcurrentSkipListMap<>();

  private volatile @Nullable String first;

  /// From now on no connections are wanted because of `cause`.
  ///
  /// @param sentence what a client and an operator read; says what is wrong, without a full stop
  public void refuse(Cause cause, String sentence) {
    refusals.put(cause, sentence);
    first = refusals.values().iterator().next();
  }

  /// From now on balancers are told to look elsewhere; who comes nonetheless is welcome.
  ///
  /// @param sentence what an operator reads, without a full stop
  public void discourage(Cause cause, String sentence) {
    discouragements.put(cause, sentence);
  }

  /// `cause` speaks against connections no longer.
  public void allow(Cause cause) {
    discouragements.remove(cause);
    refusals.remove(cause);
    var left = refusals.values().iterator();
    first = left.hasNext() ? left.next() : null;
  }

  /// Why no further connection is wanted; null if it is.
  public @Nullable String refusal() {
    return first;
  }

  /// True if `cause` speaks against further connections.
  public boolean isAgainst(Cause cause) {
    return refusals.containsKey(cause) || discouragements.containsKey(cause);
  }

  /// Everything that speaks against sending further connections here; empty if nothing does.
  public List<String> reasons() {
    Map<Cause, String> all = new TreeMap<>(discouragements);
    all.putAll(refusals);
    return List.copyOf(all.values());
  }
}
