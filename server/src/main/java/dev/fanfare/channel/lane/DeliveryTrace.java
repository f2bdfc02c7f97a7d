package dev.fanfare.channel.lane;

/// Is notified of what became of one event on this node: once for each lane, never for each
/// delivery.
public interface DeliveryTrace {

  /// By which nodes name the event to each other: no other one of its app has it. At least 1.
  long id();

  /// The event is about to be queued for a lane. The publishing thread.
  void onQueued(int lane);

  /// A lane has gone through all its subscriptions of the channel. That lane.
  void onWalked(int lane, Walk walk);

  /// What a lane has found; numbers of subscriptions.
  ///
  /// @param matched those that the event was for when the walk began
  /// @param reached those that it was written for
  /// @param excluded those that the publisher has excluded
  /// @param behind those whose client reads too slowly, or is still given what the channel keeps
  /// @param closing those that ended meanwhile
  record Walk(int matched, int reached, int excluded, int behind, int closing) {}
}
