package dev.fanfare.http.once;

import dev.fanfare.bus.RequestKeys;
import dev.fanfare.testing.ManualClock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What an engine remembers, in memory: all nodes of a test use the same one. Any thread.
class MemoryKeys implements RequestKeys {

  @SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
  private record Value(byte[] bytes, long endNs) {}

  private final ManualClock clock;

  // Guarded by this.
  private final Map<String, Value> values = new HashMap<>();
  private int claims;
  private int opened;
  private @Nullable String failure;

  MemoryKeys(ManualClock clock) {
    this.clock = clock;
  }

  /// Fails every call from now on with this; null for none.
  final synchronized void fail(@Nullable String reason) {
    failure = reason;
  }

  /// How often a key was claimed.
  final synchronized int claims() {
    return claims;
  }

  /// How often a node has connected.
  final synchronized int opened() {
    return opened;
  }

  /// What a key has.
  final synchronized byte @Nullable [] value(String appId, String key) {
    Value value = values.get(appId + "/" + key);
    return value == null || value.endNs <= clock.nanoTime() ? null : value.bytes;
  }

  final synchronized void put(String appId, String key, byte[] bytes, long ttlMs) {
    long endNs = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ttlMs);
    values.put(appId + "/" + key, new Value(bytes, endNs));
  }

  @Override
  public synchronized void open(Runnable tried) {
    opened++;
    tried.run();
  }

  @Override
  public CompletionStage<byte @Nullable []> claim(
      String appId, String key, byte[] value, long ttlMs) {
    synchronized (this) {
      claims++;
      if (failure != null) {
        return CompletableFuture.failedStage(new IllegalStateException(failure));
      }
      byte[] known = value(appId, key);
      if (known == null) {
        put(appId, key, value, ttlMs);
      }
      return CompletableFuture.completedStage(known);
    }
  }

  @Override
  public synchronized CompletionStage<Boolean> settle(
      String appId, String key, byte[] claimed, byte[] value, long ttlMs) {
    byte[] known = value(appId, key);
    boolean isOwn = known == null || Arrays.equals(known, claimed);
    if (failure == null && isOwn) {
      put(appId, key, value, ttlMs);
    }
    return CompletableFuture.completedStage(failure == null && isOwn);
  }

  @Override
  public synchronized CompletionStage<Boolean> abandon(String appId, String key, byte[] claimed) {
    boolean isOwn = failure == null && Arrays.equals(value(appId, key), claimed);
    if (isOwn) {
      values.remove(appId + "/" + key);
    }
    return CompletableFuture.completedStage(isOwn);
  }

  @Override
  public void close() {}
}
