package dev.fanfare.console;

import com.sun.net.httpserver.Headers;
import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.auth.Refusal;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.console.login.Audit;
import dev.fanfare.console.login.Caller;
import dev.fanfare.console.login.LoginSession;
import dev.fanfare.console.login.Logins;
import dev.fanfare.console.login.Role;
import dev.fanfare.console.route.ClientAddress;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Row;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides which requests are answered: those to a host of ours, for a path that there is, from a
/// session or signed with the secret of an app; and changes only from our own pages. Any thread.
final class Gate {

  static final String STREAM = "/api/stream";
  static final String OVERVIEW = "/api/overview";

  /// What a browser adds to the requests of our pages only: one of another site would have to be
  /// asked for leave first.
  private static final String MARK = "X-Fanfare-Console";

  /// The verdict on a request.
  sealed interface Verdict {}

  /// It is answered.
  record Admitted(ConsoleRoute route, ConsoleCall call) implements Verdict {}

  /// It is for a page.
  record Page(String path) implements Verdict {}

  /// It is not answered.
  record Refused(Reply reply) implements Verdict {}

  /// The head of a request.
  ///
  /// @param address of the client
  record Head(String method, URI target, Headers headers, String address) {

    String path() {
      String path = target.getRawPath();
      return path == null ? "" : path;
    }

    @Nullable String header(String name) {
      return headers.getFirst(name);
    }
  }

  private final Apps apps;
  private final RequestAuth auth;
  private final OwnHosts hosts;
  private final Logins logins;
  private final LoginCookie cookie;
  private final ClientAddress clients;

  Gate(
      Apps apps,
      InstantSource wall,
      OwnHosts hosts,
      Logins logins,
      LoginCookie cookie,
      ClientAddress clients) {
    this.apps = apps;
    this.auth = new RequestAuth(wall, ServerListener.NONE);
    this.hosts = hosts;
    this.logins = logins;
    this.cookie = cookie;
    this.clients = clients;
  }

  /// Where a request comes from, behind trusted proxies too.
  String address(InetSocketAddress peer, Headers headers) {
    return clients.of(peer, headers.getOrDefault("X-Forwarded-For", List.of()));
  }

  /// Forgets what it knows of apps that are gone.
  void appsChanged() {
    auth.appsChanged(apps);
  }

  /// Judges a request by its head.
  Verdict check(Head head, List<ConsoleRoute> routes) {
    if (!hosts.has(head.header("Host"))) {
      return refused(
          421, "This host name is not the console's: use localhost or the address of console_host");
    }
    String path = head.path();
    if (!path.equals("/api") && !path.startsWith("/api/")) {
      return isRead(head.method()) ? new Page(path) : new Refused(Reply.wrongMethod("GET, HEAD"));
    }
    List<String> segments = ConsoleRoute.segments(path);
    List<ConsoleRoute> found =
        routes.stream().filter(each -> each.match(segments) != null).toList();
    if (found.isEmpty()) {
      return new Refused(Reply.unknown());
    }
    for (ConsoleRoute route : found) {
      List<String> names = route.match(segments);
      if (names != null && route.accepts(head.method())) {
        return check(head, route, names);
      }
    }
    String methods =
        found.stream()
            .map(route -> route.method().equals("GET") ? "GET, HEAD" : route.method())
            .collect(Collectors.joining(", "));
    return new Refused(Reply.wrongMethod(methods));
  }

  private static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  private Verdict check(Head head, ConsoleRoute route, List<String> names) {
    if (!isRead(head.method()) && fromOurPages(head) instanceof Parsed.Bad(String reason)) {
      logins.refusals().note("unknown", head.address(), head.method(), route.path(), reason);
      return refused(403, reason);
    }
    String raw = head.target().getRawQuery();
    Query query = Query.parse(raw == null ? "" : raw);
    if (query.check() instanceof Parsed.Bad(String reason)) {
      return refused(400, reason);
    }
    String token = cookie.token(head.headers());
    LoginSession session = token.isEmpty() ? null : logins.sessions().use(token);
    boolean isStream = route.path().equals(STREAM);
    String id = route.isOfApp() ? names.getFirst() : isStream ? query.get("app") : null;
    List<String> rest = route.isOfApp() ? names.subList(1, names.size()) : names;
    ConsoleCall.Sent sent = new ConsoleCall.Sent(new byte[0], head.address(), token, session);
    if (route.access().role() == null) {
      return new Admitted(route, new ConsoleCall(null, null, rest, query, sent));
    }
    if (isStream && id == null) {
      return refused(400, "Missing parameter: app");
    }
    App app = id == null ? null : apps.known(id);
    String key = query.get("auth_key");
    if (key != null) {
      return id != null && app == null
          ? refused(404, "Unknown app id " + Row.cut(id))
          : signed(
              head,
              route,
              app == null ? apps.knownByKey(key) : app,
              new ConsoleCall(null, app, rest, query, sent));
    }
    if (session == null) {
      return refused(
          401,
          token.isEmpty() ? "Log in, or sign the request" : "The session has ended: log in again");
    }
    return ofSession(route, id, new ConsoleCall(session.caller(), app, rest, query, sent));
  }

  private static Verdict ofSession(ConsoleRoute route, @Nullable String id, ConsoleCall call) {
    Caller caller = call.known();
    if (id != null && (call.app() == null || !caller.sees(id))) {
      return refused(404, "Unknown app id " + Row.cut(id));
    }
    Role needed = route.access().role();
    if (needed == null || caller.role().includes(needed)) {
      return new Admitted(route, call);
    }
    String reason =
        "This needs the role " + needed.text() + ", but yours is " + caller.role().text();
    Audit.note(caller, call.sent().address(), route.method(), route.path(), reason);
    return refused(403, reason);
  }

  private Verdict signed(Head head, ConsoleRoute route, @Nullable App signer, ConsoleCall call) {
    if (!route.access().isForApps()) {
      return refused(403, "A signature is not enough for this: log in");
    }
    if (signer == null) {
      return refused(401, "Unknown auth_key");
    }
    boolean hasBody = !isRead(head.method());
    Refusal refusal = auth.checkHead(signer, head.method(), head.path(), call.query(), hasBody);
    return refusal == null
        ? new Admitted(
            route,
            new ConsoleCall(
                Caller.ofApp(signer.id()), call.app(), call.names(), call.query(), call.sent()))
        : refused(refusal.status(), refusal.message());
  }

  /// Judges the body of a request whose head is admitted; null if it may be carried out.
  @Nullable Reply checkBody(ConsoleCall call) {
    Caller caller = call.caller();
    if (caller == null || call.query().get("auth_key") == null) {
      return null; // a session proves nothing about bodies
    }
    App signer = apps.known(caller.apps().iterator().next());
    Refusal refusal =
        signer == null ? null : auth.checkBody(signer, call.query(), call.sent().body());
    return refusal == null ? null : Reply.refusal(refusal.status(), refusal.message());
  }

  /// Fails unless a change is from our own pages.
  private Parsed<Parsed.Passed> fromOurPages(Head head) {
    String type = head.header("Content-Type");
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      return new Parsed.Bad<>("A change needs the header Content-Type: application/json");
    }
    if (!"1".equals(head.header(MARK))) {
      return new Parsed.Bad<>("A change needs the header " + MARK + ": 1");
    }
    String site = head.header("Sec-Fetch-Site");
    String origin = head.header("Origin");
    boolean isOurs =
        (site != null || origin != null)
            && (site == null || site.equals("same-origin"))
            && (origin == null || hosts.isOrigin(origin, head.header("Host")));
    return isOurs
        ? Parsed.PASSED
        : new Parsed.Bad<>("A change must come from a page of this console");
  }

  private static Refused refused(int status, String reason) {
    return new Refused(Reply.refusal(status, reason));
  }
}
