package dev.fanfare.transport;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Origins;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Traffic;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.SocketId;
import dev.fanfare.session.Session;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.jspecify.annotations.Nullable;

/// Turns a socket into a Pusher connection (sections 1.1, 1.5). Refusals follow the upgrade, as an
/// error and a close frame, because browsers do not show an HTTP status to the page.
final class Upgrade {

  /// The path before an app's key.
  static final String APP_PATH = "/app/";

  private static final int MIN_PROTOCOL = 4;
  private static final int MAX_PROTOCOL = 7;

  private final SocketContext shared;
  private final LaneContext context;
  private final WebSocketDecoderConfig decoderConfig;

  Upgrade(SocketContext shared, LaneContext context, WebSocketDecoderConfig decoderConfig) {
    this.shared = shared;
    this.context = context;
    this.decoderConfig = decoderConfig;
  }

  /// How frames are read, shared by all sockets. The decoder does not close on violations, because
  /// every close must have a reason; whether RSV1 is a violation is decided by the handler.
  static WebSocketDecoderConfig decoderConfig(ServerOptions options) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(options.maxMessageBytes())
        .expectMaskedFrames(true)
        .allowMaskMismatch(false)
        .allowExtensions(true)
        .closeOnProtocolViolation(false)
        .withUTF8Validator(false)
        .build();
  }

  /// What a handshake asks for, and whether it is accepted: decided before the response, so that
  /// nothing is allocated for a client that is refused.
  ///
  /// @param key empty if the path is not an app's
  /// @param app null if the client is refused
  /// @param extensions the negotiated ones, as a header value; null for none
  /// @param rejection null if the client is accepted
  record Plan(
      String key,
      @Nullable LiveApp app,
      @Nullable String extensions,
      Remote remote,
      @Nullable Rejection rejection) {}

  /// Why a connection is refused.
  record Rejection(CloseCode code, String reason) {}

  /// Refuses a handshake without TLS where TLS is required (section 1.5). Nothing else is checked:
  /// pusher-js reconnects over `wss` with the same key.
  Plan requireTls(Target target, Remote remote) {
    String reason = "Application only accepts SSL connections, reconnect using wss://";
    return new Plan(key(target), null, null, remote, new Rejection(CloseCode.TLS_REQUIRED, reason));
  }

  /// Checks a handshake, and counts the connection.
  ///
  /// @param slot the socket's place in the count of its address
  Plan plan(HttpRequest request, Target target, Remote remote, Channel socket, AddressSlot slot) {
    String path = Query.decode(target.path(), false);
    String key = key(target);
    LiveApp live = shared.apps().byKey(key);
    App app = live == null ? null : live.current();
    Rejection rejection = check(path, key, app, Query.parse(target.query()), request);
    if (rejection == null) {
      rejection = connect(remote, socket, slot);
    }
    if (live == null || app == null || rejection != null) {
      return new Plan(key, null, null, remote, rejection);
    }
    String extensions =
        app.options().compression()
            ? PerMessageDeflate.accept(
                request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
            : null;
    return new Plan(key, live, extensions, remote, null);
  }

  private static String key(Target target) {
    String path = Query.decode(target.path(), false);
    return path.startsWith(APP_PATH) ? path.substring(APP_PATH.length()) : "";
  }

  private @Nullable Rejection connect(Remote remote, Channel socket, AddressSlot slot) {
    String limit = slot.admit(remote);
    String refusal = limit == null ? shared.files().upgrade(socket) : limit;
    return refusal == null ? null : new Rejection(CloseCode.OVER_CAPACITY, refusal);
  }

  /// Takes over a socket after the response to its handshake.
  void complete(ChannelPipeline pipeline, Plan plan) {
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
      Session session = new Session(app, connection, shared.services());
      connection.begin(session);
      if (!session.onOpen(shared.options().activityTimeoutSeconds())) {
        rejection = new Rejection(CloseCode.OVER_CONNECTION_QUOTA, overQuota(app.current()));
      }
    }
    if (rejection != null) {
      shared
          .services()
          .listener()
          .connectionRefused(
              plan.key(), plan.remote().toString(), rejection.code(), rejection.reason());
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

  private @Nullable Rejection check(
      String path, String key, @Nullable App app, Query query, HttpRequest request) {
    if (key.isEmpty() || key.indexOf('/') >= 0) {
      return new Rejection(CloseCode.PATH_NOT_FOUND, "Path not found: " + path);
    }
    Rejection version = checkVersion(query.get("protocol"));
    if (version != null) {
      return version;
    }
    if (app == null) {
      return new Rejection(
          CloseCode.APP_UNKNOWN,
          "App key " + key + " not in this cluster. Did you forget to specify the cluster?");
    }
    if (!app.options().enabled()) {
      return new Rejection(CloseCode.APP_DISABLED, "Application disabled");
    }
    String busy = shared.readiness().refusal();
    if (busy != null) {
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

  private static String overQuota(App app) {
    int limit = app.limits().maxConnections(); // reached, so it is the actual number too
    return "Account over quota: the app has "
        + limit
        + " connections, the limit is "
        + limit
        + " (max_connections)";
  }
}
