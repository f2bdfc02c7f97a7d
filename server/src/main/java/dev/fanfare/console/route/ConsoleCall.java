package dev.fanfare.console.route;

import dev.fanfare.app.App;
import dev.fanfare.console.login.Caller;
import dev.fanfare.console.login.LoginSession;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A request that is admitted.
///
/// @param caller null if no user need be logged in
/// @param app that it is about; null if about none
/// @param names what stands for the braces of the route's path, after that of the app
public record ConsoleCall(
    @Nullable Caller caller, @Nullable App app, List<String> names, Query query, Sent sent) {

  public ConsoleCall {
    names = List.copyOf(names);
  }

  /// What else the client has sent.
  ///
  /// @param body empty for none
  /// @param address of the client
  /// @param token of the session's cookie; empty for none
  /// @param session null unless there is one
  @SuppressWarnings("ArrayRecordComponent") // never compared, and written once
  public record Sent(byte[] body, String address, String token, @Nullable LoginSession session) {}

  /// The app, of a route whose path names one.
  public App ofApp() {
    return Objects.requireNonNull(app);
  }

  /// Who it is, on a route that needs a login.
  public Caller known() {
    return Objects.requireNonNull(caller);
  }

  /// A parameter of the query; empty if it is missing.
  public String text(String name) {
    String value = query.get(name);
    return value == null ? "" : value;
  }

  /// The fields of a body that is a JSON object of strings.
  public Parsed<Map<String, String>> texts() {
    Map<String, String> texts = new TreeMap<>();
    try {
      Json.readObject(sent.body(), (name, value) -> texts.put(name, value.string()));
      return new Parsed.Ok<>(texts);
    } catch (MalformedJson e) {
      return new Parsed.Bad<>(e.reason());
    }
  }

  /// The same request with its body.
  public ConsoleCall withBody(byte[] body) {
    Sent whole = new Sent(body, sent.address(), sent.token(), sent.session());
    return new ConsoleCall(caller, app, names, query, whole);
  }
}
