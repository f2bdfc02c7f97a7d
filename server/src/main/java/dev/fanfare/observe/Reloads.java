package dev.fanfare.observe;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Whether the last reload of the configuration succeeded, and when the current configuration was
/// applied. Any thread.
public final class Reloads {

  private volatile boolean isLastGood = true;
  private volatile long appliedMs;
  private final List<Consumer<Boolean>> followers = new CopyOnWriteArrayList<>();

  /// @param startedMs when the server applied its first configuration, milliseconds since the epoch
  public Reloads(long startedMs) {
    appliedMs = startedMs;
  }

  /// From now on, each outcome is reported: true if the configuration was applied. A follower must
  /// not block.
  public void follow(Consumer<Boolean> follower) {
    followers.add(follower);
  }

  /// A configuration was applied.
  ///
  /// @param nowMs milliseconds since the epoch
  public void succeeded(long nowMs) {
    appliedMs = nowMs;
    isLastGood = true;
    followers.forEach(follower -> follower.accept(true));
  }

  /// A configuration was rejected; the current one stays.
  public void failed() {
    isLastGood = false;
    followers.forEach(follower -> follower.accept(false));
  }

  /// True if the last reload succeeded, or if there was none.
  public boolean isLastGood() {
    return isLastGood;
  }

  /// When the current configuration was applied, seconds since the epoch.
  public double appliedSeconds() {
    return appliedMs / (double) TimeUnit.SECONDS.toMillis(1);
  }
}
