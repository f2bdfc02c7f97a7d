package dev.fanfare.cluster.loop;

import java.util.concurrent.TimeUnit;

/// Decides when the wire must close its connections and make new ones. A connection may look
/// healthy while it is mute: to a stopped engine, or to a replica that was demoted. Confined to the
/// cluster's thread.
final class Reconnects {

  static final long AFTER_NS = TimeUnit.SECONDS.toNanos(3);
  static final long REPEAT_NS = TimeUnit.SECONDS.toNanos(5);

  private boolean isTrying;
  private long triedAtNs;

  /// True if the wire should reconnect now.
  ///
  /// @param deafNs for how long this node has not heard itself; 0 if it does
  /// @param isHeardByNone most others have not heard this node for three seconds
  boolean isDue(long deafNs, boolean isHeardByNone, long nowNs) {
    if (deafNs < AFTER_NS && !isHeardByNone) {
      isTrying = false;
      return false;
    }
    if (isTrying && nowNs - triedAtNs < REPEAT_NS) {
      return false;
    }
    isTrying = true;
    triedAtNs = nowNs;
    return true;
  }
}
