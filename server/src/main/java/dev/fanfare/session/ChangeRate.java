package dev.fanfare.session;

import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import java.util.concurrent.TimeUnit;

/// The limit on how fast one connection may subscribe, unsubscribe and sign in, all called changes
/// here. Nothing is refused: the transport pauses reading for as long as this class says, so that
/// only the sender waits. One that stays behind for a minute is closed. Confined to one lane.
///
/// Most connections never make [#FREE] changes, so the transport counts these itself and creates
/// this object afterwards.
public final class ChangeRate {

  /// The smallest burst: changes of every connection that pass without this object. Twice the
  /// default of `max_subscriptions`, because an official client that subscribes again after a
  /// reconnect, and perhaps moves on to another page, must not be slowed down.
  public static final int FREE = 2_000;

  /// The shortest pause, nanoseconds: a connection that waits costs ten wake-ups a second.
  private static final long MIN_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /// How long a connection may stay behind before it is closed.
  private static final long MAX_BEHIND_SECONDS = 60;

  /// A connection has caught up when it has left as many seconds' worth of changes unused.
  private static final int CAUGHT_UP_SECONDS = 5;

  private final Session session;
  private TokenBucket bucket;

  /// True from the first pause until the connection has caught up.
  private boolean isBehind;

  private long behindSinceNs;
  private boolean isReported;

  /// Continues after [#FREE] changes since the session began.
  ///
  /// @param openedAtNs when the session began
  ChangeRate(Session session, long openedAtNs) {
    this.session = session;
    Limits limits = session.app().limits();
    int burst = burst(limits);
    // At least as full as if it had counted from the beginning.
    bucket = new TokenBucket(perSecond(limits), burst, burst - FREE, openedAtNs);
  }

  /// Counts a change that was made.
  public void take() {
    Limits limits = session.app().limits();
    long nowNs = nowNs();
    int burst = burst(limits);
    if (bucket.perSecond() != perSecond(limits) || bucket.burst() != burst) {
      bucket = new TokenBucket(perSecond(limits), burst, burst, nowNs);
    }
    if (bucket.tokens(nowNs) >= (long) CAUGHT_UP_SECONDS * bucket.perSecond()) {
      isBehind = false;
    }
    var _ = bucket.tryTake(nowNs);
  }

  /// How long to pause before the next message is read, nanoseconds; 0 to go on.
  public long pauseNs() {
    if (session.app().limits().maxSubscriptionChangesPerSecond() == 0) {
      return 0;
    }
    long nowNs = nowNs();
    long waitNs = bucket.waitNs(nowNs);
    if (waitNs == 0) {
      return 0;
    }
    if (!isBehind) {
      isBehind = true;
      behindSinceNs = nowNs;
    }
    report();
    return Math.max(waitNs, MIN_PAUSE_NS);
  }

  /// Fails if the connection must be closed with [CloseCode#OVER_CAPACITY]. Only during a pause.
  public Parsed<Parsed.Passed> check() {
    return isBehind && nowNs() - behindSinceNs >= TimeUnit.SECONDS.toNanos(MAX_BEHIND_SECONDS)
        ? new Parsed.Bad<>(
            "More than "
                + bucket.perSecond()
                + " subscription changes per second for "
                + MAX_BEHIND_SECONDS
                + " seconds ("
                + Quota.SUBSCRIPTION_CHANGES.setting()
                + ")")
        : Parsed.PASSED;
  }

  private void report() {
    if (isReported) {
      return;
    }
    isReported = true;
    session
        .context()
        .listener()
        .on(new Observation.QuotaExceeded(session.app(), Quota.SUBSCRIPTION_CHANGES));
    session.onReadingPaused(
        "after a burst of "
            + bucket.burst()
            + " it still subscribes, unsubscribes or signs in more than "
            + bucket.perSecond()
            + " times per second ("
            + Quota.SUBSCRIPTION_CHANGES.setting()
            + ")");
  }

  private long nowNs() {
    return session.context().clock().nanoTime();
  }

  /// Without a limit, the bucket is filled but never asked.
  private static int perSecond(Limits limits) {
    return Math.max(1, limits.maxSubscriptionChangesPerSecond());
  }

  private static int burst(Limits limits) {
    return Math.max(FREE, 2 * limits.maxSubscriptions());
  }
}
