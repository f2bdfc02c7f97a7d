package dev.fanfare.transport.fallback;

import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Origins;
import dev.fanfare.http.Response;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.session.Session;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.Target;
import dev.fanfare.transport.fallback.FallbackPath.Kind;
import dev.fanfare.transport.websocket.Upgrade;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;

/// The connections of this node over plain HTTP, and the requests that belong to them. Any thread;
/// requests arrive on the lanes of their sockets.
public final class Fallbacks {

  private static final byte[] EMPTY = new byte[0];
  private static final String SCRIPT = "application/javascript; charset=UTF-8";
  private static final int NO_NUMBER = -1;
  private static final int MAX_NUMBER_DIGITS = 15;

  private static final String UNKNOWN =
      "Unknown session: it has ended, or it is on another node. All requests of a session must"
          + " reach one node";

  private static final String PLAIN = "This server accepts TLS only, use https";

  private static final Logger log = Component.CONNECTIONS.logger();

  private final SocketContext shared;
  private final ConcurrentMap<String, FallbackConnection> connections = new ConcurrentHashMap<>();

  public Fallbacks(SocketContext shared) {
    this.shared = shared;
  }

  /// True if a request is one of these.
  public boolean knows(Target target) {
    return shared.options().fallback().enabled() && FallbackPath.parse(target.path()) != null;
  }

  /// True if the body of a request is needed: that of one which sends messages on a connection.
  public boolean needsBody(Target target) {
    return shared.options().fallback().enabled()
        && FallbackPath.parse(target.path()) instanceof Parsed.Ok(FallbackPath path)
        && path.kind() == Kind.SEND
        && connections.containsKey(path.connection());
  }

  /// Carries out a request that [#knows] is true for.
  public void onRequest(Exchange exchange, Target target, byte[] body) {
    HttpMethod method = exchange.request().method();
    switch (FallbackPath.parse(target.path())) {
      case Parsed.Ok<FallbackPath>(FallbackPath path) when method.equals(HttpMethod.POST) -> {
        if (path.kind() == Kind.SEND) {
          send(exchange, target, path, body);
        } else {
          receive(exchange, target, path);
        }
      }
      case Parsed.Ok<FallbackPath> _ when method.equals(HttpMethod.OPTIONS) ->
          exchange.respond(preflight());
      case Parsed.Ok<FallbackPath> _ ->
          exchange.respond(
              refusal(405, "Method " + method + " is not allowed here, use POST")
                  .withHeader("Allow", "POST, OPTIONS"));
      case Parsed.Bad<FallbackPath>(String reason) -> exchange.respond(refusal(404, reason));
      case null -> exchange.respond(refusal(404, UNKNOWN));
    }
  }

  private void send(Exchange exchange, Target target, FallbackPath path, byte[] body) {
    FallbackConnection connection = connections.get(path.connection());
    if (exchange.isPlainRefused()) {
      exchange.respond(refusal(426, PLAIN).withHeader("Upgrade", "TLS/1.2, HTTP/1.1").closing());
      return;
    }
    if (connection == null) {
      exchange.respond(refusal(404, UNKNOWN));
      return;
    }
    switch (SendBody.parse(body)) {
      case Parsed.Bad<List<byte[]>>(String reason) -> exchange.respond(refusal(400, reason));
      case Parsed.Ok<List<byte[]>>(List<byte[]> messages) -> {
        if (exchange.await(body.length)) {
          long number = number(target);
          connection.lane().run(() -> onSend(connection, exchange, number, messages));
        }
      }
    }
  }

  private static void onSend(
      FallbackConnection connection, Exchange exchange, long number, List<byte[]> messages) {
    if (connection.isClosing()) {
      exchange.respond(refusal(404, UNKNOWN));
    } else if (isForeign(connection, exchange)) {
      exchange.respond(foreign(exchange));
    } else {
      connection.onRead();
      connection.inbox().onSend(number, messages, exchange);
    }
  }

  private void receive(Exchange exchange, Target target, FallbackPath path) {
    FallbackConnection connection = connections.get(path.connection());
    if (connection == null || exchange.isPlainRefused()) {
      open(exchange, target, path);
    } else if (exchange.await(0)) {
      attach(connection, exchange, target, path);
    }
  }

  private void attach(
      FallbackConnection connection, Exchange exchange, Target target, FallbackPath path) {
    connection
        .lane()
        .run(() -> {
          if (connection.isGone()) {
            exchange.loop().execute(() -> receive(exchange, target, path));
          } else if (isForeign(connection, exchange)) {
            exchange.respond(foreign(exchange));
          } else {
            connection.inbox().onSeen(number(target));
            connection.attach(exchange, path.kind() == Kind.STREAM);
          }
        });
  }

  /// Begins a connection as a WebSocket begins, on the lane of the socket.
  private void open(Exchange exchange, Target target, FallbackPath path) {
    if (!exchange.isOpen()) {
      return;
    }
    if (shared.sources().handshake(exchange.client().ip()) instanceof Parsed.Bad(String limit)) {
      exchange.respond(refusal(429, limit).withHeader("Retry-After", "1").closing());
      return;
    }
    if (Query.parse(target.query()).check() instanceof Parsed.Bad(String reason)) {
      exchange.respond(refusal(400, reason));
      return;
    }
    Target app = new Target(path.webSocketPath(), target.query());
    Place place = new Place(shared, exchange.client());
    Upgrade.Decision decision =
        exchange.isPlainRefused()
            ? exchange.upgrade().requireTls(app, exchange.client())
            : exchange
                .upgrade()
                .plan(
                    exchange.request(), app, exchange.client(), () -> place.claim(exchange.slot()));
    switch (decision) {
      case Upgrade.Plan plan -> begin(exchange, target, path, plan, place);
      case Upgrade.Awaited awaited -> {
        if (exchange.await(0)) {
          awaited.then(
              exchange.loop(),
              found -> {
                if (exchange.isOpen()) {
                  begin(exchange, target, path, awaited.plan().apply(found), place);
                }
              },
              fault -> fail(exchange, fault));
        }
      }
    }
  }

  private static void fail(Exchange exchange, Throwable fault) {
    HeapExhaustion.exitIf(fault);
    if (LineBudget.FAULTS.permits(log)) {
      log.error("could not open a connection over HTTP", fault);
    }
    exchange.respond(refusal(500, "The server had a problem with this request").closing());
  }

  private void begin(
      Exchange exchange, Target target, FallbackPath path, Upgrade.Plan plan, Place place) {
    Upgrade.Rejection rejection = plan.rejection();
    LiveApp app = plan.app();
    if (rejection != null || app == null) {
      place.release();
      if (rejection != null) {
        reject(exchange, plan, rejection);
      }
      return;
    }
    FallbackConnection connection =
        new FallbackConnection(
            path.connection(),
            exchange,
            path.kind() == Kind.STREAM,
            shared.options(),
            exchange.context().lane().tally().traffic(app.id()),
            place,
            this::remove);
    FallbackConnection other = connections.putIfAbsent(connection.name(), connection);
    if (other != null) { // another request of the client has begun it meanwhile
      place.release();
      attach(other, exchange, target, path);
      return;
    }
    exchange.context().heartbeat().add(connection);
    // There is no cookie: pusher-js sends these requests without credentials.
    Session session =
        new Session(app, connection, plan.introduction().withoutCookie(), shared.sessions());
    connection.begin(session);
    if (!session.onOpen(shared.options().activityTimeoutSeconds())) {
      Upgrade.Rejection full =
          new Upgrade.Rejection(CloseCode.OVER_CONNECTION_QUOTA, Upgrade.overQuota(app.current()));
      shared.sessions().listener().on(Upgrade.refused(plan, full));
      connection.close(full.code(), full.reason());
    }
    connection.inbox().onSeen(number(target));
    connection.attach(exchange, path.kind() == Kind.STREAM);
  }

  /// Refuses a client as a WebSocket does: what it has to read is all there is.
  private void reject(Exchange exchange, Upgrade.Plan plan, Upgrade.Rejection rejection) {
    shared.sessions().listener().on(Upgrade.refused(plan, rejection));
    Lines lines = new Lines();
    lines.add(OwnLines.open(""), false);
    OwnLines.goodbye(rejection.code(), rejection.reason()).forEach(line -> lines.add(line, false));
    ByteBuf all = lines.take(new Units(), Long.MAX_VALUE);
    exchange.respond(lines(ByteBufUtil.getBytes(all)));
    all.release();
  }

  private void remove(FallbackConnection gone) {
    connections.remove(gone.name(), gone);
  }

  /// True if an app does not allow the origin of a request. A new connection is refused as a
  /// WebSocket is.
  private static boolean isForeign(FallbackConnection connection, Exchange exchange) {
    Session session = connection.session();
    return session != null
        && !Origins.allows(
            session.app().options().allowedOrigins(),
            exchange.request().headers().get(HttpHeaderNames.ORIGIN),
            exchange.request().headers().get(HttpHeaderNames.HOST));
  }

  private static Response foreign(Exchange exchange) {
    String origin = exchange.request().headers().get(HttpHeaderNames.ORIGIN);
    return refusal(403, "Origin not allowed: " + origin);
  }

  /// The number that pusher-js gives each request of a page.
  private static long number(Target target) {
    String text = Query.parse(target.query()).get("n");
    return text == null
            || text.isEmpty()
            || text.length() > MAX_NUMBER_DIGITS
            || !text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? NO_NUMBER
        : Long.parseLong(text);
  }

  /// How many connections there are. Any thread.
  public int size() {
    return connections.size();
  }

  /// Visits each established connection with the id of its app and its transport. Any thread.
  public void forEach(BiConsumer<String, String> visitor) {
    for (FallbackConnection each : connections.values()) {
      Session session = each.session();
      if (session != null && shared.sessions().sessions().has(session)) {
        visitor.accept(session.app().id(), each.transport());
      }
    }
  }

  private static Response preflight() {
    return done()
        .withHeader("Access-Control-Allow-Methods", "POST")
        .withHeader("Access-Control-Allow-Headers", "content-type");
  }

  /// The response to a request that sends messages.
  static Response done() {
    return allowed(new Response(204, "", EMPTY, null, Map.of(), false));
  }

  /// The head of a response that carries lines.
  static Response head() {
    return lines(EMPTY);
  }

  /// A response with lines.
  static Response lines(byte[] utf8) {
    return allowed(new Response(200, SCRIPT, utf8, null, Map.of(), false))
        .withHeader("Cache-Control", "no-store, no-transform")
        .withHeader("X-Accel-Buffering", "no");
  }

  private static Response refusal(int status, String reason) {
    return allowed(Response.refusal(status, reason));
  }

  /// No cookie is involved, and a session's name is known to its page only.
  private static Response allowed(Response response) {
    return response.withHeader("Access-Control-Allow-Origin", "*");
  }
}
