package dev.fanfare.console.login;

import dev.fanfare.observe.NanoClock;
import java.util.concurrent.TimeUnit;

/// Audit lines of what strangers were refused: at most [#MAX] a minute, so that they cannot fill a
/// disk. The first line of a later minute says how many were left out. Any thread.
public final class AuditedRefusals {

  static final int MAX = 100;

  private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

  private final NanoClock clock;

  // Guarded by this.
  private long sinceNs;
  private int written;
  private long leftOut;

  AuditedRefusals(NanoClock clock) {
    this.clock = clock;
    this.sinceNs = clock.nanoTime();
  }

  /// Writes the line, unless there are too many.
  ///
  /// @param who a name, or what is known instead of one
  /// @param action such as `login`, or a method
  /// @param object such as a path; empty for nothing
  public void note(String who, String address, String action, String object, String reason) {
    long missing;
    synchronized (this) {
      if (clock.nanoTime() - sinceNs >= MINUTE_NS) {
        sinceNs = clock.nanoTime();
        written = 0;
      }
      if (written == MAX) {
        leftOut++;
        return;
      }
      written++;
      missing = leftOut;
      leftOut = 0;
    }
    String more = missing == 0 ? "" : " (" + missing + " more refusals are not in this log)";
    Audit.note(who, address, action, object, reason + more);
  }
}
