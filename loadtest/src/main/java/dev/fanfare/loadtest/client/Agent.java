package dev.fanfare.loadtest.client;

/// Work that is not caused by a socket: pacing, ramps, progress. Called once per turn of the loop,
/// on its thread; must return at once.
@FunctionalInterface
public interface Agent {

  /// Does what is due; returns how much that was, 0 for nothing.
  int onTurn(long nowNs);
}
