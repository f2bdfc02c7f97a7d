package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.login.Caller;
import dev.fanfare.console.login.LoginSession;
import dev.fanfare.protocol.Query;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request that is admitted.
///
/// @param caller null if nobody need be logged in
/// @param app that it is about; null if about none
/// @param names what stands for the braces of the route's path, after that of the app
record ConsoleCall(
    @Nullable Caller caller, @Nullable App app, List<String> names, Query query, Sent sent) {

  /// What else the client has sent.
  ///
  /// @param body empty for none
  /// @param address of the client
  /// @param token of the session's cookie; empty for none
  /// @param session null unless there is one
  @SuppressWarnings("ArrayRecordComponent") // never compared, and written once
  record Sent(byte[] body, String address, String token, @Nullable LoginSession session) {}

  /// The app, of a route whose path names one.
  App ofApp() {
    return Objects.requireNonNull(app);
  }

  /// Who it is, on a route that needs a login.
  Caller known() {
    return Objects.requireNonNull(caller);
  }

  /// A parameter of the query; empty if it is missing.
  String text(String name) {
    String value = query.get(name);
    return value == null ? "" : value;
  }

  ConsoleCall withBody(byte[] body) {
    Sent whole = new Sent(body, sent.address(), sent.token(), sent.session());
    return new ConsoleCall(caller, app, names, query, whole);
  }
}
