package dev.fanfare.transport.websocket;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Trait;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.app.Origins;
import dev.fanfare.history.ClientTag;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Traffic;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.SocketId;
import dev.fanfare.session.Introduction;
import dev.fanfare.session.Session;
import dev.fanfare.transport.AddressSlot;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.Target;
import dev.fanfare.transport.address.Remote;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Turns a socket into a Pusher connection (sections 1.1, 1.5). Refusals follow the upgrade, as an
/// error and a close frame, because browsers do not show an HTTP status to the page.
public final class Upgrade {

  /// The path before an app's key.
  public static final String APP_PATH = "/app/";

  /// Longer names of a client's library are not remembered.
  private static final int MAX_LIBRARY_CHARS = 64;

  private static final int MIN_PROTOCOL = 4;
  private static final int MAX_PROTOCOL = 7;

  private final SocketContext shared;
  private final LaneContext context;
  private final WebSocketDecoderConfig decoderConfig;

  public Upgrade(SocketContext shared, LaneContext context, WebSocketDecoderConfig decoderConfig) {
    this.shared = shared;
    this.context = context;
    this.decoderConfig = decoderConfig;
  }

  /// How frames are read, shared by all sockets. The decoder does not close on violations, because
  /// every close must have a reason; whether RSV1 is a violation is decided by the handler.
  public static WebSocketDecoderConfig decoderConfig(ServerOptions options) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(options.maxMessageBytes())
        .expectMaskedFrames(true)
        .allowMaskMismatch(false)
        .allowExtensions(true)
        .closeOnProtocolViolation(false)
        .withUTF8Validator(false)
        .build();
  }

  /// What is known about a handshake before its response.
  public sealed interface Decision {}

  /// The app is being looked up.
  ///
  /// @param plan decides, and counts the connection; on the lane of a socket that is still open
  public record Awaited(Lookup.Later app, Function<Lookup.Settled, Plan> plan) implements Decision {

    /// Continues on the lane, with the answer or with what went wrong.
    public void then(Executor lane, Consumer<Lookup.Settled> onFound, Consumer<Throwable> onFault) {
      var _ =
          app.answer()
              .whenComplete((found, fault) ->
                  lane.execute(() -> {
                    try {
                      if (found == null) {
                        throw new IllegalStateException("the look-up of an app failed", fault);
                      }
                      onFound.accept(found);
                    } catch (RuntimeException | Error e) {
                      HeapExhaustion.exitIf(e);
                      onFault.accept(e);
                    }
                  }));
    }
  }

  /// What a handshake asks for, and whether it is accepted: decided before the response, so that
  /// nothing is allocated for a client that is refused.
  ///
  /// @param key empty if the path is not an app's
  /// @param introduction what the client says about itself
  /// @param app null if the client is refused
  /// @param extensions the negotiated ones, as a header value; null for none
  /// @param rejection null if the client is accepted
  public record Plan(
      String key,
      Introduction introduction,
      @Nullable LiveApp app,
      @Nullable String extensions,
      Remote remote,
      @Nullable Rejection rejection)
      implements Decision {

    /// A client that is refused.
    private static Plan refused(String key, Remote remote, Rejection rejection) {
      return new Plan(key, Introduction.NONE, null, null, remote, rejection);
    }
  }

  /// Why a connection is refused.
  public record Rejection(CloseCode code, String reason) {}

  /// Refuses a handshake without TLS where TLS is required (section 1.5). Nothing else is checked:
  /// pusher-js reconnects over `wss` with the same key.
  public Plan requireTls(Target target, Remote remote) {
    String reason = "Application only accepts SSL connections, reconnect using wss://";
    return Plan.refused(key(target), remote, new Rejection(CloseCode.TLS_REQUIRED, reason));
  }

  /// Checks a handshake, and counts the connection.
  ///
  /// @param slot the socket's place in the count of its address
  public Decision plan(
      HttpRequest request, Target target, Remote remote, Channel socket, AddressSlot slot) {
    return plan(request, target, remote, () -> connect(remote, socket, slot));
  }

  /// The same for any kind of connection.
  ///
  /// @param connect counts the connection if nothing else is wrong; fails if there are too many
  public Decision plan(
      HttpRequest request, Target target, Remote remote, Supplier<Parsed<Parsed.Passed>> connect) {
    String key = key(target);
    Rejection malformed = check(target, key);
    if (malformed != null) {
      return Plan.refused(key, remote, malformed);
    }
    return switch (shared.apps().byKey(key)) {
      case Lookup.Settled found -> plan(target, found, request, remote, connect);
      case Lookup.Later later ->
          new Awaited(later, found -> plan(target, found, request, remote, connect));
    };
  }

  private Plan plan(
      Target target,
      Lookup.Settled found,
      HttpRequest request,
      Remote remote,
      Supplier<Parsed<Parsed.Passed>> connect) {
    String key = key(target);
    Rejection rejection = check(key, found, request);
    if (rejection == null && connect.get() instanceof Parsed.Bad(String limit)) {
      rejection = new Rejection(CloseCode.OVER_CAPACITY, limit);
    }
    return rejection == null && found instanceof LiveApp app
        ? new Plan(
            key,
            introduction(target, app.current(), request, remote),
            app,
            extensions(app.current(), request),
            remote,
            null)
        : new Plan(key, Introduction.NONE, null, null, remote, rejection);
  }

  private static @Nullable String extensions(App app, HttpRequest request) {
    return app.options().compression()
        ? PerMessageDeflate.accept(
            request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
        : null;
  }

  /// What follows [#APP_PATH]: the key, or the key, a slash and the client's tag.
  private static String name(Target target) {
    String path = Query.decode(target.path(), false);
    return path.startsWith(APP_PATH) ? path.substring(APP_PATH.length()) : "";
  }

  private static String key(Target target) {
    String name = name(target);
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  private static Introduction introduction(
      Target target, App app, HttpRequest request, Remote remote) {
    String name = name(target);
    int slash = name.indexOf('/');
    ClientTag tag =
        slash >= 0 && ClientTag.parse(name.substring(slash + 1)) instanceof Parsed.Ok(ClientTag ok)
            ? ok
            : null;
    String client = Query.parse(target.query()).get("client");
    Introduction introduction = Introduction.of(tag, client);
    List<HistoryRule> rules = app.history();
    if (rules.isEmpty()) {
      return introduction;
    }
    boolean hasCookie = HistoryRule.recognisedSeconds(rules, Trait.COOKIE) > 0;
    boolean hasAddress = HistoryRule.recognisedSeconds(rules, Trait.ADDRESS) > 0;
    return introduction.recognisedBy(
        hasCookie ? ClientCookie.readOrCreate(request.headers()) : null,
        hasAddress ? address(remote, client) : null);
  }

  /// Without the port, which differs when the client comes back; null if there is no address.
  private static @Nullable String address(Remote remote, @Nullable String client) {
    String library = client == null ? "" : client;
    return remote.ip() == null || library.length() > MAX_LIBRARY_CHARS
        ? null
        : remote.ip() + " " + library;
  }

  /// The value of the header `Set-Cookie` of the response; null if no cookie is set.
  public static @Nullable String cookie(Plan plan, boolean isSecure) {
    String cookie = plan.introduction().cookie();
    if (cookie == null || plan.app() == null) {
      return null;
    }
    List<HistoryRule> rules = plan.app().current().history();
    int seconds = HistoryRule.recognisedSeconds(rules, Trait.COOKIE);
    return ClientCookie.setting(cookie, seconds, isSecure);
  }

  private Parsed<Parsed.Passed> connect(Remote remote, Channel socket, AddressSlot slot) {
    Parsed<Parsed.Passed> admitted = slot.admit(remote);
    return admitted instanceof Parsed.Ok ? shared.files().upgrade(socket) : admitted;
  }

  /// Takes over a socket after the response to its handshake.
  public void complete(ChannelPipeline pipeline, Plan plan) {
    LiveApp app = plan.app();
    String appId = app == null ? LaneTally.NO_APP : app.id();
    Traffic traffic = context.lane().tally().traffic(appId);
    NettyConnection connection =
        new NettyConnection(
            pipeline.channel(),
            context,
            shared.options(),
            SocketId.next(context.random()),
            plan.remote(),
            traffic,
            plan.extensions() != null);
    pipeline.addLast(
        new FrameDecoder(decoderConfig, traffic, context.requests()),
        new WebSocketHandler(connection, shared.options(), context));
    context.heartbeat().add(connection);
    Rejection rejection = plan.rejection();
    if (app != null) {
      Session session = new Session(app, connection, plan.introduction(), shared.sessions());
      connection.begin(session);
      if (!session.onOpen(shared.options().activityTimeoutSeconds())) {
        rejection = new Rejection(CloseCode.OVER_CONNECTION_QUOTA, overQuota(app.current()));
      }
    }
    if (rejection != null) {
      shared.sessions().listener().on(refused(plan, rejection));
      connection.close(rejection.code(), rejection.reason());
    }
    connection.onFlush();
    if (rejection != null && shared.files().isTight()) {
      // Others need the file more than this client needs a closing handshake.
      Channel socket = pipeline.channel();
      socket
          .eventLoop()
          .execute(() -> {
            var _ = socket.close();
          });
    }
  }

  /// What is observed of a client that is refused.
  public static Observation refused(Plan plan, Rejection rejection) {
    return new Observation.ConnectionRefused(
        plan.key(), plan.remote().toString(), rejection.code(), rejection.reason());
  }

  /// Checks what is independent of the app.
  private static @Nullable Rejection check(Target target, String key) {
    String name = name(target);
    if (key.isEmpty()) {
      return notFound(target, "");
    }
    if (name.length() > key.length()
        && ClientTag.parse(name.substring(key.length() + 1)) instanceof Parsed.Bad(String reason)) {
      return notFound(target, " (" + reason + ")");
    }
    return checkVersion(Query.parse(target.query()).get("protocol"));
  }

  private static Rejection notFound(Target target, String why) {
    String path = Query.decode(target.path(), false);
    return new Rejection(CloseCode.PATH_NOT_FOUND, "Path not found: " + path + why);
  }

  private @Nullable Rejection check(String key, Lookup.Settled found, HttpRequest request) {
    return switch (found) {
      case LiveApp live -> check(live.current(), request);
      case Lookup.Unknown _ ->
          new Rejection(
              CloseCode.APP_UNKNOWN,
              "App key " + key + " not in this cluster. Did you forget to specify the cluster?");
      case Lookup.Failed(String reason) ->
          new Rejection(CloseCode.OVER_CAPACITY, "The app cannot be looked up: " + reason);
    };
  }

  private @Nullable Rejection check(App app, HttpRequest request) {
    if (!app.options().enabled()) {
      return new Rejection(CloseCode.APP_DISABLED, "Application disabled");
    }
    if (shared.readiness().check() instanceof Parsed.Bad(String busy)) {
      return new Rejection(CloseCode.OVER_CAPACITY, busy);
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    String host = request.headers().get(HttpHeaderNames.HOST);
    return Origins.allows(app.options().allowedOrigins(), origin, host)
        ? null
        : new Rejection(CloseCode.UNAUTHORIZED, "Origin not allowed: " + origin);
  }

  private static @Nullable Rejection checkVersion(@Nullable String protocol) {
    if (protocol == null || protocol.isEmpty()) {
      return new Rejection(CloseCode.PROTOCOL_MISSING, "No protocol version supplied");
    }
    if (!protocol.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new Rejection(CloseCode.INVALID_VERSION, "Invalid version string format");
    }
    int version = protocol.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(protocol);
    return version >= MIN_PROTOCOL && version <= MAX_PROTOCOL
        ? null
        : new Rejection(CloseCode.UNSUPPORTED_PROTOCOL, "Unsupported protocol version");
  }

  /// Why a client is refused whose app has too many connections.
  public static String overQuota(App app) {
    int limit = app.limits().maxConnections(); // reached, so it is the actual number too
    return "Account over quota: the app has "
        + limit
        + " connections, the limit is "
        + limit
        + " (max_connections)";
  }
}
