package dev.fanfare.webhook;

/// How many webhook events several nodes share, for metrics.
///
/// @param kept pending events of other nodes that this one keeps
/// @param waiting client events and cache misses that other nodes have not accepted yet
/// @param ownUnshared pending events so far that no other node knows, because of the limits
/// @param unkept pending events of other nodes so far for which this one had no memory
/// @param reportedHere client events and cache misses so far that this node has reported for
///   another, because it could not keep them
public record SharedEvents(
    int kept, int waiting, long ownUnshared, long unkept, long reportedHere) {

  static final SharedEvents NONE = new SharedEvents(0, 0, 0, 0, 0);
}
