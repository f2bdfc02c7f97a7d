package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.auth.Refusal;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides which requests are answered: those to a host of ours, that only read, and that are
/// signed with the secret of an app. Any thread.
final class Gate {

  static final String STREAM = "/api/stream";
  static final String OVERVIEW = "/api/overview";
  private static final String OF_APP = "/api/apps/";
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

  /// The verdict on a request.
  sealed interface Verdict {}

  /// It is answered.
  ///
  /// @param segments of the path below `/api/apps/ID`, percent-decoded; empty for other paths
  record Admitted(App app, List<String> segments, Query query) implements Verdict {}

  /// It is not.
  record Refused(Reply reply) implements Verdict {}

  private final Apps apps;
  private final RequestAuth auth;
  private final Set<String> hosts;

  /// @param host that is listened on
  Gate(Apps apps, InstantSource wall, String host) {
    this.apps = apps;
    this.auth = new RequestAuth(wall, ServerListener.NONE);
    String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    this.hosts =
        Set.copyOf(
            Stream.of("localhost", "127.0.0.1", "[::1]", bracketed.toLowerCase(Locale.ROOT))
                .distinct()
                .toList());
  }

  /// Forgets what it knows of apps that are gone.
  void appsChanged() {
    auth.appsChanged(apps);
  }

  /// @param host the header; null if there is none
  /// @param path raw
  /// @param rawQuery raw; null if there is none
  Verdict check(String method, @Nullable String host, String path, @Nullable String rawQuery) {
    if (host == null || !isOurs(host)) {
      return refused(
          421, "This host name is not the console's: use localhost or the address of console_host");
    }
    boolean isOfApp = path.startsWith(OF_APP);
    if (!isOfApp && !path.equals(STREAM) && !path.equals(OVERVIEW)) {
      return new Refused(ConsoleApi.unknown());
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return refused(405, "Method not allowed, use GET");
    }
    Query query = Query.parse(rawQuery == null ? "" : rawQuery);
    if (query.check() instanceof Parsed.Bad(String reason)) {
      return refused(400, reason);
    }
    List<String> segments =
        isOfApp
            ? Stream.of(path.substring(OF_APP.length()).split("/", -1))
                .map(segment -> Query.decode(segment, false))
                .toList()
            : List.of();
    String id = isOfApp ? segments.getFirst() : path.equals(STREAM) ? query.get("app") : null;
    App app = app(id, path, query);
    if (app == null) {
      return id == null
          ? refused(401, path.equals(STREAM) ? "Missing parameter: app" : "Unknown auth_key")
          : refused(404, "Unknown app id " + Row.cut(id));
    }
    Refusal refusal = auth.checkHead(app, method, path, query, false);
    refusal = refusal == null ? auth.checkBody(app, query, new byte[0]) : refusal;
    return refusal == null
        ? new Admitted(app, isOfApp ? segments.subList(1, segments.size()) : segments, query)
        : refused(refusal.status(), refusal.message());
  }

  private @Nullable App app(@Nullable String id, String path, Query query) {
    if (id != null) {
      return apps.known(id);
    }
    String key = path.equals(OVERVIEW) ? query.get("auth_key") : null;
    return key == null ? null : apps.knownByKey(key);
  }

  /// A page on the Internet can have its name resolve to this machine, but not its requests name
  /// this host.
  private boolean isOurs(String host) {
    return hosts.contains(PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst(""));
  }

  private static Refused refused(int status, String reason) {
    return new Refused(Reply.refusal(status, reason));
  }
}
