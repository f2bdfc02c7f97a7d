package dev.fanfare.testing;

import dev.fanfare.observe.ServerListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What became of webhooks, one line each: `delivered 2 at 1`, `retried 1: answered 500`.
public final class Outcomes implements ServerListener {

  private final List<String> lines = new CopyOnWriteArrayList<>();

  /// All lines so far, without accepted events.
  public List<String> lines() {
    return lines.stream().filter(line -> !line.startsWith("accepted")).toList();
  }

  /// The number of accepted events.
  public long accepted() {
    return lines.stream().filter(line -> line.startsWith("accepted")).count();
  }

  @Override
  public void webhookAccepted(String appId, String endpoint) {
    lines.add("accepted");
  }

  @Override
  public void webhookDelivered(String appId, String endpoint, int events, int attempts) {
    lines.add("delivered " + events + " at " + attempts);
  }

  @Override
  public void webhookRetried(String appId, String endpoint, int attempts, String reason) {
    lines.add("retried " + attempts + ": " + reason);
  }

  @Override
  public void webhookDead(String appId, String endpoint, int events, String reason) {
    lines.add("dead " + events + ": " + reason);
  }

  @Override
  public void webhookDropped(String appId, @Nullable String endpoint, int events, String reason) {
    lines.add("dropped " + events + ": " + reason);
  }
}
