package dev.fanfare.console.figure;

import org.jspecify.annotations.Nullable;

/// What happened in one second, to some apps or to all.
///
/// @param atMs when it ended, milliseconds since 1970
/// @param connections at its end
/// @param publishes events accepted per second
/// @param refusals since the second before
/// @param node what is known of the node as a whole; null for some apps
public record Second(
    long atMs, int connections, long publishes, long refusals, @Nullable OfNode node) {

  /// What is not known by app.
  ///
  /// @param deliveries events written to sockets per second
  /// @param p50Us half of the events took at most as long from the publish to the last write,
  ///   microseconds; -1 if there were none
  /// @param p99Us 99 of 100 did; microseconds, -1 if there were none
  /// @param lagUs of the slowest lane, microseconds
  public record OfNode(long deliveries, int p50Us, int p99Us, int lagUs) {}
}
