package dev.fanfare.session;

import java.util.concurrent.TimeUnit;

/// How fast established clients are disconnected at shutdown.
///
/// @param connectionsPerSecond clients per second, more if that would take longer than `seconds`
/// @param seconds maximum duration; 0 disconnects all clients at once
/// @param delaySeconds how long the node reports not ready before it stops accepting connections
public record DrainOptions(int connectionsPerSecond, int seconds, int delaySeconds) {

  /// Fits into the ten seconds that container engines allow.
  public static final DrainOptions DEFAULTS = new DrainOptions(1_000, 8, 0);

  private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// How many of `all` clients must be disconnected after `elapsedNs` nanoseconds.
  int due(long elapsedNs, int all) {
    if (seconds == 0) {
      return all;
    }
    double elapsed = elapsedNs / NS_PER_SECOND;
    double perSecond = Math.max(connectionsPerSecond, (double) all / seconds);
    return (int) Math.min(all, 1 + elapsed * perSecond);
  }
}
