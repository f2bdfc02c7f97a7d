package dev.fanfare.console.figure;

import dev.fanfare.app.App;

/// What is counted on this node anyway. Any thread; the counts never decrease while an app is
/// known.
public interface Tallies {

  /// Connections of an app now.
  int connections(App app);

  /// Events of an app that this node was asked to publish, client events among them, since the
  /// start.
  long publishes(App app);

  /// Events written to sockets of an app, since the start.
  long deliveries(App app);

  /// Connections, subscriptions, messages and requests of an app that were refused, since the
  /// start.
  long refusals(App app);

  /// Events in a bucket of [dev.fanfare.observe.Latency], since the start.
  long latencies(int bucket);

  /// The lag of the slowest lane at its last probe, nanoseconds.
  long lagNs();
}
