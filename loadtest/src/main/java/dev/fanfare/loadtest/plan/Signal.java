package dev.fanfare.loadtest.plan;

/// The signal that the process of a node gets, as `kill` names it.
public enum Signal {
  /// None: the operator stops the node.
  NONE,
  /// The process is gone at once.
  KILL,
  /// The process stands still, and is continued later.
  STOP
}
