package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.observe.NanoClock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// A rate limit that this node has for itself.
record WholeLimit(NanoClock clock, ConcurrentMap<String, SharedBucket> buckets)
    implements RateLimit {

  WholeLimit(NanoClock clock) {
    this(clock, new ConcurrentHashMap<>());
  }

  @Override
  public int take(App app, int tokens, int limit) {
    long nowNs = clock.nanoTime();
    return buckets
        .computeIfAbsent(app.id(), _ -> new SharedBucket(nowNs))
        .take(tokens, limit, nowNs);
  }

  @Override
  public void giveBack(App app, int tokens, int limit) {
    SharedBucket bucket = buckets.get(app.id());
    if (bucket != null) {
      bucket.giveBack(tokens, limit);
    }
  }

  @Override
  public String describe(App app, int limit) {
    return String.valueOf(limit);
  }
}
