package dev.fanfare.transport.fallback;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import org.jspecify.annotations.Nullable;

/// What the path of a request names: `/pusher/app/KEY/SERVER/SESSION/xhr_streaming`. Pusher-js puts
/// `/pusher`, its default `httpPath`, before `/app`; here it may be missing.
///
/// @param app what stands in the place of the key: the key, or the key, a slash and the client's
///   tag; undecoded
/// @param session the names that the client has chosen, `SERVER/SESSION`
record FallbackPath(String app, String session, Kind kind) {

  /// What is asked for.
  enum Kind {
    /// A response that does not end.
    STREAM("/xhr_streaming"),
    /// A response with all that waits.
    POLL("/xhr"),
    /// Messages of the client.
    SEND("/xhr_send");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  private static final String APP = "/app/";
  private static final String DEFAULT_PATH = "/pusher";
  private static final int MAX_SERVER_CHARS = 3;
  private static final int SESSION_CHARS = 8;

  private static final String MALFORMED =
      "A path of this kind is /app/KEY/SERVER/SESSION/xhr_streaming, with 1 to 3 digits and 8 of"
          + " 0-9a-v; or it ends with xhr or xhr_send";

  private static final Kind[] KINDS = Kind.values();

  /// Reads a path without the server's prefix. Null if it is none of this kind.
  static @Nullable Parsed<FallbackPath> parse(String path) {
    int from = start(path);
    Kind kind = from < 0 ? null : kind(path);
    if (kind == null) {
      return null;
    }
    int end = path.length() - kind.suffix.length();
    String named = from < end ? path.substring(from, end) : "";
    int session = named.lastIndexOf('/');
    int server = session < 0 ? -1 : named.lastIndexOf('/', session - 1);
    return server > 0
            && isServer(named.substring(server + 1, session))
            && isSession(named.substring(session + 1))
        ? new Parsed.Ok<>(
            new FallbackPath(named.substring(0, server), named.substring(server + 1), kind))
        : new Parsed.Bad<>(MALFORMED);
  }

  /// The index behind `/app/`; -1 if the path does not begin so.
  private static int start(String path) {
    if (path.startsWith(APP)) {
      return APP.length();
    }
    return path.startsWith(DEFAULT_PATH) && path.startsWith(APP, DEFAULT_PATH.length())
        ? DEFAULT_PATH.length() + APP.length()
        : -1;
  }

  private static @Nullable Kind kind(String path) {
    for (Kind kind : KINDS) {
      if (path.endsWith(kind.suffix)) {
        return kind;
      }
    }
    return null;
  }

  private static boolean isServer(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_SERVER_CHARS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isSession(String text) {
    return text.length() == SESSION_CHARS
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'v'));
  }

  /// The path of a WebSocket to the same app.
  String webSocketPath() {
    return APP + app;
  }

  /// What names the connection on this node: the app's key and the session.
  String connection() {
    String name = Query.decode(app, false);
    int slash = name.indexOf('/');
    return (slash < 0 ? name : name.substring(0, slash)) + "/" + session;
  }
}
