package dev.fanfare.http;

import dev.fanfare.app.App;

/// One rate limit of the HTTP API, for all apps. Thread-safe; the limit holds for all threads
/// together.
sealed interface RateLimit permits WholeLimit, DividedLimit {

  /// Returned by [#take] on success.
  int TAKEN = -1;

  /// Takes all of `tokens` and returns [#TAKEN], or takes none and returns how many there are.
  ///
  /// @param limit per second, at least 1
  int take(App app, int tokens, int limit);

  /// Returns tokens that were not used.
  void giveBack(App app, int tokens, int limit);

  /// How many tokens there are per second, for an answer.
  String describe(App app, int limit);
}
