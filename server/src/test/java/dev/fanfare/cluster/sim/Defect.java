package dev.fanfare.cluster.sim;

/// What a simulated cluster may do wrong, to see that the checks notice it.
enum Defect {
  NONE,
  /// Not a defect: every other node is of a newer version, which sends fields that the older ones
  /// do not know.
  NEWER_VERSION,
  /// Publishers keep no events for subscribers that they do not know yet.
  NO_RECENT_EVENTS,
  /// A client that is handed over is reported as gone at once.
  NO_GRACE,
  /// Nodes believe that they hear, whatever the engine does.
  WALL_CLOCK,
  /// A subscriber that was given a channel's cached event gets it from the recent events as well.
  CACHED_TWICE,
  /// Data of a link that was opened again passes for data of the new link.
  NO_GENERATION_CHECK,
  /// Nodes do not learn what the webhooks of others have reported as absent.
  NO_REPORTS_OF_ABSENCE,
  /// Nodes confirm client events of others, and do not report them.
  CONFIRMED_PULSES_LOST,
  /// Nodes do not notice that others have accepted their client events.
  PULSES_NEVER_CONFIRMED,
  /// Nodes confirm what is handed over to them, and lose it.
  HAND_OVER_LOST,
  /// Nodes confirm that they keep what others have not delivered, and never adopt it.
  NO_ADOPTION
}
