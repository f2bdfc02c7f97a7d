package dev.fanfare.session;

import java.util.concurrent.TimeUnit;

/// How fast established clients are sent away at the end.
///
/// @param connectionsPerSecond so many per second, unless that takes longer than `seconds`
/// @param seconds after so long nobody is left; 0 sends everyone away at once
/// @param delaySeconds how long the node is not ready before it stops to accept connections
public record DrainOptions(int connectionsPerSecond, int seconds, int delaySeconds) {

  /// Ends inside the ten seconds that container engines grant.
  public static final DrainOptions DEFAULTS = new DrainOptions(1_000, 8, 0);

  private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// How many of `all` are to be away after `elapsedNs` nanoseconds.
  int due(long elapsedNs, int all) {
    if (seconds == 0) {
      return all;
    }
    double elapsed = elapsedNs / NS_PER_SECOND;
    double perSecond = Math.max(connectionsPerSecond, (double) all / seconds);
    return (int) Math.min(all, 1 + elapsed * perSecond);
  }
}
