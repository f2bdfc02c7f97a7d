package dev.fanfare.http;

import java.util.List;

/// One endpoint: a row in the [RouteTable].
///
/// @param method the HTTP method; `GET` includes `HEAD`
/// @param template the path with placeholders for the segments that clients choose, `{id}` for the
///   app's id; also a label of metrics, with few values
/// @param handler carries out requests that were found to have access
/// @param aliases other paths of the same endpoint, as templates
public record Route(
    String method, String template, Access access, Handler handler, List<String> aliases) {

  /// Who may call an endpoint.
  public enum Access {
    /// Everyone, so its response contains nothing confidential.
    OPEN,
    /// Those who sign the request with the secret of the app that it concerns.
    SIGNED,
    /// Those who sign the request with the secret of an operator.
    OPERATOR
  }

  /// Carries out a request. Runs on a lane and must not block: what may block is an [Answer.Later].
  @FunctionalInterface
  public interface Handler {

    Answer answer(Call call);
  }

  public Route {
    aliases = List.copyOf(aliases);
  }

  static Route open(String method, String template, Handler handler, String... aliases) {
    return new Route(method, template, Access.OPEN, handler, List.of(aliases));
  }

  static Route signed(String method, String template, Handler handler, String... aliases) {
    return new Route(method, template, Access.SIGNED, handler, List.of(aliases));
  }
}
