package dev.fanfare.http;

import dev.fanfare.app.LiveApp;
import dev.fanfare.protocol.Query;
import org.jspecify.annotations.Nullable;

/// What the head of a request decides: its answer, or who may do what. Immutable.
public final class Admission {

  private final @Nullable Route route;
  private final @Nullable Response answer;
  private final @Nullable LiveApp app;
  private final @Nullable Query query;

  private Admission(
      @Nullable Route route,
      @Nullable Response answer,
      @Nullable LiveApp app,
      @Nullable Query query) {
    this.route = route;
    this.answer = answer;
    this.app = app;
    this.query = query;
  }

  /// The request has this answer, whatever its body is.
  static Admission answered(@Nullable Route route, Response answer) {
    return new Admission(route, answer, null, null);
  }

  /// The request is signed; its body has not been checked.
  static Admission signed(Route route, LiveApp app, Query query) {
    return new Admission(route, null, app, query);
  }

  /// False if the answer is the same whatever the body is.
  public boolean needsBody() {
    return answer == null;
  }

  @Nullable Route route() {
    return route;
  }

  @Nullable Response answer() {
    return answer;
  }

  @Nullable LiveApp app() {
    return app;
  }

  @Nullable Query query() {
    return query;
  }
}
