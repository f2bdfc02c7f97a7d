package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Rate limits of the HTTP API, per app. Checked last, so that a request refused for another reason
/// costs its app nothing. Thread-safe; a limit holds for all threads together.
public final class Quotas {

  /// A bucket holds one second's worth, so it is full again after a second.
  private static final String RETRY_AFTER_SECONDS = "1";

  private final NanoClock clock;
  private final ServerListener listener;
  private final ConcurrentMap<String, SharedBucket> events = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, SharedBucket> reads = new ConcurrentHashMap<>();

  public Quotas(NanoClock clock, ServerListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /// Takes `count` events, all or none; returns null if they may be published. A request for more
  /// than one second's worth gets 400, since it would not pass later either.
  ///
  /// @param count one for each channel of each event, as the hosted service counts messages
  @Nullable Response takeEvents(App app, int count) {
    int limit = app.limits().maxHttpEventsPerSecond();
    int left = take(events, app, count, limit);
    if (left == SharedBucket.TAKEN) {
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
        : tooMany(text + left + " of " + limit + " per second are left", Quota.HTTP_EVENTS);
  }

  /// Returns what [#takeEvents] took for events that could not be published.
  void giveBackEvents(App app, int count) {
    SharedBucket bucket = events.get(app.id());
    int limit = app.limits().maxHttpEventsPerSecond();
    if (bucket != null && limit > 0) {
      bucket.giveBack(count, limit);
    }
  }

  /// Takes one read; returns null if it is allowed.
  @Nullable Response takeRead(App app) {
    int limit = app.limits().maxHttpReadsPerSecond();
    int left = take(reads, app, 1, limit);
    if (left == SharedBucket.TAKEN) {
      return null;
    }
    listener.on(new Observation.QuotaExceeded(app, Quota.HTTP_READS));
    return tooMany(
        "Over quota: " + left + " of " + limit + " reads per second are left", Quota.HTTP_READS);
  }

  private int take(ConcurrentMap<String, SharedBucket> buckets, App app, int count, int limit) {
    if (limit == 0) {
      return SharedBucket.TAKEN;
    }
    long nowNs = clock.nanoTime();
    return buckets
        .computeIfAbsent(app.id(), _ -> new SharedBucket(nowNs))
        .take(count, limit, nowNs);
  }

  private static Response tooMany(String text, Quota quota) {
    return Response.refusal(429, text + setting(quota))
        .withHeader("Retry-After", RETRY_AFTER_SECONDS);
  }

  private static String setting(Quota quota) {
    return " (" + quota.setting() + ")";
  }
}
