package dev.fanfare.app;

import java.util.concurrent.CompletableFuture;

/// What a look-up by key or id returns: an answer, or one that comes later because a store must be
/// asked. A known app is its own answer, so that it costs nothing.
public sealed interface Lookup {

  /// An answer.
  sealed interface Settled extends Lookup permits LiveApp, Unknown, Failed {}

  /// There is no such app.
  enum Unknown implements Settled {
    UNKNOWN
  }

  /// It could not be found out.
  ///
  /// @param reason for the client, without a full stop
  record Failed(String reason) implements Settled {}

  /// The answer comes later, on any thread. Completed exceptionally only by a fault of the store.
  record Later(CompletableFuture<Settled> answer) implements Lookup {}
}
