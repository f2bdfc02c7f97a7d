package dev.fanfare.drain;

import dev.fanfare.testing.Api;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Publishes 0, 1, 2 … on several nodes, a number every ten milliseconds, also while a node stops.
/// In the given order: with the node that clients move to first, no client can get a number from
/// both.
final class Ticker implements AutoCloseable {

  private static final long EVERY_MS = 10;

  private final List<Api> nodes;
  private final String channel;
  private final String event;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<Long> startedMs = new ArrayList<>();

  Ticker(List<Api> nodes, String channel, String event) {
    this.nodes = new ArrayList<>(nodes);
    this.channel = channel;
    this.event = event;
  }

  Ticker start() {
    var _ = clock.scheduleAtFixedRate(this::tick, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    return this;
  }

  private void tick() {
    int number = startedMs.size();
    startedMs.add(System.currentTimeMillis());
    nodes.removeIf(node -> !isPublished(node, number));
  }

  /// A stopping node accepts no more requests at some point.
  private boolean isPublished(Api node, int number) {
    try {
      node.publish(channel, event, Integer.toString(number));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Stops and returns when the publishing of each number began, in wall-clock milliseconds.
  List<Long> stop() throws InterruptedException {
    clock.shutdown();
    if (!clock.awaitTermination(10, TimeUnit.SECONDS)) {
      throw new AssertionError("a publish takes more than ten seconds");
    }
    return startedMs;
  }

  @Override
  public void close() {
    clock.close();
  }
}
