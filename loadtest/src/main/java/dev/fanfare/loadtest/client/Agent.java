package dev.fanfare.loadtest.client;

/// Work that is not caused by a socket: pacing, ramp-up, progress. Called once per turn of the
/// loop, on its thread; must return quickly.
@FunctionalInterface
public interface Agent {

  /// Does what is due; returns the amount of work done, 0 for none.
  int onTurn(long nowNs);
}
