package dev.fanfare.channel.lane;

/// Notes what a subscriber misses because it reads too slowly and its app lets it miss events.
/// Called by the owning lane only.
public interface Losses {

  /// Events that no rule keeps are not delivered to it.
  void onSkipped(int events);

  /// Kept events were dropped before it could get them; it is notified of the gap.
  void onGap();
}
