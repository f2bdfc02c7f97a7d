package dev.fanfare.http;

import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.protocol.Query;
import org.jspecify.annotations.Nullable;

/// What the head of a request decides: its answer, or who may do what. Immutable.
public sealed interface Admission {

  /// The endpoint; null if the path is none.
  @Nullable Route route();

  /// False if the answer is the same whatever the body is.
  default boolean needsBody() {
    return !(this instanceof Answered);
  }

  /// The request has this answer, whatever its body is.
  record Answered(@Nullable Route route, Response answer) implements Admission {}

  /// The request is signed; its body has not been checked.
  record Signed(Route route, LiveApp app, Query query) implements Admission {}

  /// The app is being looked up, so nothing was checked that depends on it.
  record Awaited(Route route, Query query, Lookup.Later app) implements Admission {}
}
