package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.bus.RateShares;
import dev.fanfare.observe.NanoClock;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// This node's share of a rate limit that all nodes have together. The share follows the demand.
record DividedLimit(
    NanoClock clock,
    RateShares shares,
    RateShares.Kind kind,
    ConcurrentMap<String, DividedBucket> buckets)
    implements RateLimit {

  DividedLimit(NanoClock clock, RateShares shares, RateShares.Kind kind) {
    this(clock, shares, kind, new ConcurrentHashMap<>());
  }

  @Override
  public int take(App app, int tokens, int limit) {
    if (tokens <= limit) {
      shares.ask(app.id(), kind, tokens);
    }
    long nowNs = clock.nanoTime();
    return buckets
        .computeIfAbsent(app.id(), _ -> new DividedBucket(nowNs))
        .take(tokens, limit, share(app) * limit, nowNs);
  }

  private double share(App app) {
    return shares.share(app.id(), kind);
  }

  @Override
  public void giveBack(App app, int tokens, int limit) {
    DividedBucket bucket = buckets.get(app.id());
    if (bucket != null) {
      bucket.giveBack(tokens);
    }
  }

  @Override
  public String describe(App app, int limit) {
    double share = share(app);
    return share < 1
        ? String.format(Locale.ROOT, "%.1f (this node's share of %d)", share * limit, limit)
        : String.valueOf(limit);
  }
}
