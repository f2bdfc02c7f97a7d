package dev.fanfare.http;

import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.http.RouteTable.PathMatch;
import dev.fanfare.protocol.Query;
import org.jspecify.annotations.Nullable;

/// What the head of a request decides: its answer, or who may do what. Immutable.
public sealed interface Admission {

  /// What the path names; null if it is no endpoint.
  @Nullable PathMatch match();

  /// False if the answer is the same whatever the body is.
  default boolean needsBody() {
    return !(this instanceof Answered);
  }

  /// The request has this answer, whatever its body is.
  record Answered(@Nullable PathMatch match, Answer answer) implements Admission {}

  /// The request is signed; its body has not been checked.
  record Signed(PathMatch match, LiveApp app, Query query) implements Admission {}

  /// The app is being looked up, so nothing was checked that depends on it.
  record Awaited(PathMatch match, Query query, Lookup.Later app) implements Admission {}
}
