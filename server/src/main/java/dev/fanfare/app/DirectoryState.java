package dev.fanfare.app;

/// The state of the look-up of apps that are in a database. Immutable.
///
/// @param isReachable false from the first query without an answer on
/// @param apps in memory
/// @param waiting look-ups without an answer
/// @param queries since the start, of all kinds
/// @param failures queries without an answer
/// @param lookups what came of them
public record DirectoryState(
    boolean isReachable, int apps, int waiting, long queries, long failures, Lookups lookups) {

  /// Look-ups since the start that memory could not answer.
  ///
  /// @param found there is such an app
  /// @param unknown there is none, as a query or an earlier one has said
  /// @param failed it cannot be found out
  public record Lookups(long found, long unknown, long failed) {}

  /// Returns the newest state. Any thread.
  public interface Source {
    DirectoryState state();
  }
}
