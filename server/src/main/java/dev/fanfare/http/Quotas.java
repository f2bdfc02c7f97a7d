package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.bus.RateShares;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import org.jspecify.annotations.Nullable;

/// Rate limits of the HTTP API, per app. Checked last, so that a request refused for another reason
/// costs its app nothing. Thread-safe; a limit holds for all threads together.
public final class Quotas {

  /// A bucket holds one second's worth, so it is full again after a second.
  private static final String RETRY_AFTER_SECONDS = "1";

  private final ServerListener listener;
  private final RateLimit events;
  private final RateLimit reads;

  /// Limits that this node has for itself.
  public Quotas(NanoClock clock, ServerListener listener) {
    this(clock, listener, null);
  }

  /// @param shares of this node in the limits; null if it has them for itself
  public Quotas(NanoClock clock, ServerListener listener, @Nullable RateShares shares) {
    this.listener = listener;
    if (shares == null) {
      this.events = new WholeLimit(clock);
      this.reads = new WholeLimit(clock);
    } else {
      this.events = new DividedLimit(clock, shares, RateShares.Kind.EVENTS);
      this.reads = new DividedLimit(clock, shares, RateShares.Kind.READS);
    }
  }

  /// Takes `count` events, all or none; returns null if they may be published. A request for more
  /// than one second's worth gets 400, since it would not pass later either.
  ///
  /// @param count one for each channel of each event, as the hosted service counts messages
  @Nullable Response takeEvents(App app, int count) {
    int limit = app.limits().maxHttpEventsPerSecond();
    int left = take(events, app, count, limit);
    if (left == RateLimit.TAKEN) {
      return null;
    }
    listener.on(new Observation.QuotaExceeded(app, Quota.HTTP_EVENTS));
    String text =
        "Over quota: this request counts as "
            + count
            + " events, one for each channel of each event; ";
    return count > limit
        ? Response.refusal(
            400, text + "at most " + limit + " are allowed per second" + setting(Quota.HTTP_EVENTS))
        : tooMany(
            text + left + " of " + events.describe(app, limit) + " per second are left",
            Quota.HTTP_EVENTS);
  }

  /// Returns what [#takeEvents] took for events that could not be published.
  void giveBackEvents(App app, int count) {
    int limit = app.limits().maxHttpEventsPerSecond();
    if (limit > 0) {
      events.giveBack(app, count, limit);
    }
  }

  /// Takes one read; returns null if it is allowed.
  @Nullable Response takeRead(App app) {
    int limit = app.limits().maxHttpReadsPerSecond();
    int left = take(reads, app, 1, limit);
    if (left == RateLimit.TAKEN) {
      return null;
    }
    listener.on(new Observation.QuotaExceeded(app, Quota.HTTP_READS));
    return tooMany(
        "Over quota: " + left + " of " + reads.describe(app, limit) + " reads per second are left",
        Quota.HTTP_READS);
  }

  private static int take(RateLimit rate, App app, int count, int limit) {
    return limit == 0 ? RateLimit.TAKEN : rate.take(app, count, limit);
  }

  private static Response tooMany(String text, Quota quota) {
    return Response.refusal(429, text + setting(quota))
        .withHeader("Retry-After", RETRY_AFTER_SECONDS);
  }

  private static String setting(Quota quota) {
    return " (" + quota.setting() + ")";
  }
}
