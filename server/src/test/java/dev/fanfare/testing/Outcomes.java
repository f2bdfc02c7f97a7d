package dev.fanfare.testing;

import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

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
  public void on(Observation observation) {
    switch (observation) {
      case Observation.WebhookAccepted(_, _) -> webhookAccepted();
      case Observation.WebhookDelivered(_, _, var events, var attempts) ->
          webhookDelivered(events, attempts);
      case Observation.WebhookRetried(_, _, var attempts, var reason, _) ->
          webhookRetried(attempts, reason);
      case Observation.WebhookDead(_, _, var events, var reason) -> webhookDead(events, reason);
      case Observation.WebhookDropped(_, _, var events, var reason) ->
          webhookDropped(events, reason);
      default -> {}
    }
  }

  private void webhookAccepted() {
    lines.add("accepted");
  }

  private void webhookDelivered(int events, int attempts) {
    lines.add("delivered " + events + " at " + attempts);
  }

  private void webhookRetried(int attempts, String reason) {
    lines.add("retried " + attempts + ": " + reason);
  }

  private void webhookDead(int events, String reason) {
    lines.add("dead " + events + ": " + reason);
  }

  private void webhookDropped(int events, String reason) {
    lines.add("dropped " + events + ": " + reason);
  }
}
