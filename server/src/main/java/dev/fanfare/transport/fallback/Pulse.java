package dev.fanfare.transport.fallback;

import dev.fanfare.transport.ServerOptions;
import java.util.concurrent.TimeUnit;

/// When one client gets a heartbeat, and when it is taken for dead. A streaming client answers
/// each; a polling one with its next request. Confined to the connection's lane.
final class Pulse {

  /// The longest time between two heartbeats: pusher-js must not ask for one itself.
  private static final long MAX_INTERVAL_NS = TimeUnit.SECONDS.toNanos(25);

  private final long intervalNs;
  private final long pongNs;

  /// When the last heartbeat was sent, or the current response began.
  private long beatAtNs;

  /// The first heartbeat that the client has not answered; 0 if there is none.
  private long unansweredSinceNs;

  Pulse(ServerOptions options) {
    // Three quarters, so that it arrives before the client's own time is over.
    long quietNs = TimeUnit.SECONDS.toNanos(options.activityTimeoutSeconds()) / 4 * 3;
    this.intervalNs = Math.min(MAX_INTERVAL_NS, quietNs);
    this.pongNs = TimeUnit.SECONDS.toNanos(options.pongTimeoutSeconds());
  }

  /// A response begins, whose client must hear something in time.
  void onAttached(long nowNs) {
    beatAtNs = nowNs;
  }

  /// The client has sent something.
  void onRead() {
    unansweredSinceNs = 0;
  }

  /// True if the client has left a heartbeat unanswered for too long.
  boolean isDead(long nowNs) {
    return unansweredSinceNs != 0 && unansweredSinceNs + pongNs - nowNs <= 0;
  }

  /// True if a heartbeat must be sent now.
  ///
  /// @param isAnswered whether the client answers it
  boolean isDue(long nowNs, boolean isAnswered) {
    if (beatAtNs + intervalNs - nowNs > 0) {
      return false;
    }
    beatAtNs = nowNs;
    if (isAnswered && unansweredSinceNs == 0) {
      unansweredSinceNs = nowNs;
    }
    return true;
  }

  /// Nanoseconds until one of the two becomes true.
  long leftNs(long nowNs) {
    long beatNs = beatAtNs + intervalNs - nowNs;
    return unansweredSinceNs == 0 ? beatNs : Math.min(beatNs, unansweredSinceNs + pongNs - nowNs);
  }
}
