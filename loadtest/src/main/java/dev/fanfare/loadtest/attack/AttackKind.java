package dev.fanfare.loadtest.attack;

/// An attack as listed in the catalog.
///
/// @param name on the command line
/// @param description what it does, in a few words
/// @param maxSockets the most attackers that make sense, each with one socket at a time
/// @param needsMetrics true if it attacks the metrics port
public record AttackKind(
    String name, String description, int maxSockets, boolean needsMetrics, Attack attack) {

  /// One attacker for each socket that is allowed.
  public static final int ALL = Integer.MAX_VALUE;

  public static AttackKind of(String name, String description, int maxSockets, Attack attack) {
    return new AttackKind(name, description, maxSockets, false, attack);
  }

  public static AttackKind ofMetrics(
      String name, String description, int maxSockets, Attack attack) {
    return new AttackKind(name, description, maxSockets, true, attack);
  }
}
