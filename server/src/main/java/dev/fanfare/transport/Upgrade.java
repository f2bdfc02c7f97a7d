package dev.fanfare.transport;

import dev.fanfare.app.App;
import dev.fanfare.app.Origins;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Traffic;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.SocketId;
import dev.fanfare.session.Session;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.jspecify.annotations.Nullable;

/// Turns a socket that asked for it into a Pusher connection (sections 1.1, 1.5). Refusals come
/// after the upgrade, as an error and a close frame, because an HTTP status tells clients nothing.
final class Upgrade {

  /// What stands before an app's key.
  static final String APP_PATH = "/app/";

  private static final int MIN_PROTOCOL = 4;
  private static final int MAX_PROTOCOL = 7;

  private final Node node;
  private final LaneContext context;
  private final WebSocketDecoderConfig decoderConfig;

  Upgrade(Node node, LaneContext context, WebSocketDecoderConfig decoderConfig) {
    this.node = node;
    this.context = context;
    this.decoderConfig = decoderConfig;
  }

  /// How frames are read; one object serves all sockets. Violations are not closed by the decoder,
  /// because every close must carry a reason; whether RSV1 is one is decided by the handler.
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

  /// What a handshake is about, and whether it will be welcome: decided before it is answered, so
  /// that nothing is ever made for a client that is refused.
  ///
  /// @param key empty if the path is not one of an app
  /// @param app the app that the client gets; null if it is refused
  /// @param extensions those that both sides can use, as a header's value; null for none
  /// @param no why the client is refused; null if it is not
  record Plan(
      String key, @Nullable App app, @Nullable String extensions, Remote remote, @Nullable No no) {}

  /// Why a connection is not wanted.
  record No(CloseCode code, String reason) {}

  /// What becomes of a handshake without TLS where TLS is a must (section 1.5). Nothing is looked
  /// at: pusher-js comes back by `wss`, with the same key.
  Plan tooPlain(Target target, Remote remote) {
    String reason = "Application only accepts SSL connections, reconnect using wss://";
    return new Plan(key(target), null, null, remote, new No(CloseCode.TLS_REQUIRED, reason));
  }

  /// Decides about a handshake, and counts the connection for its source address.
  ///
  /// @param closed when the socket ends, and with it what was counted
  Plan plan(HttpRequest request, Target target, Remote remote, ChannelFuture closed) {
    String path = Query.decode(target.path(), false);
    String key = key(target);
    App app = node.apps().byKey(key);
    No no = check(path, key, app, Query.parse(target.query()), request);
    if (no == null) {
      no = connect(remote, closed);
    }
    if (app == null || no != null) {
      return new Plan(key, null, null, remote, no);
    }
    String extensions =
        app.options().compression()
            ? PerMessageDeflate.accept(
                request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
            : null;
    return new Plan(key, app, extensions, remote, null);
  }

  private static String key(Target target) {
    String path = Query.decode(target.path(), false);
    return path.startsWith(APP_PATH) ? path.substring(APP_PATH.length()) : "";
  }

  private @Nullable No connect(Remote remote, ChannelFuture closed) {
    String tooMany = node.sources().connect(remote.ip());
    if (tooMany != null) {
      return new No(CloseCode.OVER_CAPACITY, tooMany);
    }
    if (node.options().maxConnectionsPerAddress() > 0) {
      closed.addListener(_ -> node.sources().disconnected(remote.ip()));
    }
    String noFile = node.files().upgrade(closed.channel());
    return noFile == null ? null : new No(CloseCode.OVER_CAPACITY, noFile);
  }

  /// Takes over the socket, whose handshake has just been answered.
  void complete(ChannelPipeline pipeline, Plan plan) {
    App app = plan.app();
    String appId = app == null ? LaneTally.NO_APP : app.id();
    Traffic traffic = context.lane().tally().traffic(appId);
    NettyConnection connection =
        new NettyConnection(
            pipeline.channel(),
            context,
            node.options(),
            SocketId.next(context.random()),
            traffic,
            plan.extensions() != null);
    pipeline.addLast(
        new FrameDecoder(decoderConfig, traffic),
        new WebSocketHandler(connection, node.options().maxMessageBytes()));
    context.heartbeat().add(connection);
    No no = plan.no();
    if (app != null) {
      Session session = new Session(app, connection, node.services());
      connection.begin(session);
      if (!session.onOpen(node.options().activityTimeoutSeconds())) {
        no = new No(CloseCode.OVER_CONNECTION_QUOTA, overQuota(app));
      }
    }
    if (no != null) {
      node.services()
          .listener()
          .connectionRefused(plan.key(), plan.remote().toString(), no.code(), no.reason());
      connection.close(no.code(), no.reason());
    }
    connection.onFlush();
    if (no != null && node.files().isTight()) {
      // Others need the file more than this client needs a closing handshake.
      Channel socket = pipeline.channel();
      socket
          .eventLoop()
          .execute(() -> {
            var _ = socket.close();
          });
    }
  }

  private @Nullable No check(
      String path, String key, @Nullable App app, Query query, HttpRequest request) {
    if (key.isEmpty() || key.indexOf('/') >= 0) {
      return new No(CloseCode.PATH_NOT_FOUND, "Path not found: " + path);
    }
    No version = checkVersion(query.get("protocol"));
    if (version != null) {
      return version;
    }
    if (app == null) {
      return new No(
          CloseCode.APP_UNKNOWN,
          "App key " + key + " not in this cluster. Did you forget to specify the cluster?");
    }
    if (!app.options().enabled()) {
      return new No(CloseCode.APP_DISABLED, "Application disabled");
    }
    String busy = node.readiness().refusal();
    if (busy != null) {
      return new No(CloseCode.OVER_CAPACITY, busy);
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    return Origins.allows(app.options().allowedOrigins(), origin)
        ? null
        : new No(CloseCode.UNAUTHORIZED, "Origin not allowed: " + origin);
  }

  private static @Nullable No checkVersion(@Nullable String protocol) {
    if (protocol == null || protocol.isEmpty()) {
      return new No(CloseCode.PROTOCOL_MISSING, "No protocol version supplied");
    }
    if (!protocol.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new No(CloseCode.INVALID_VERSION, "Invalid version string format");
    }
    int version = protocol.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(protocol);
    return version >= MIN_PROTOCOL && version <= MAX_PROTOCOL
        ? null
        : new No(CloseCode.UNSUPPORTED_PROTOCOL, "Unsupported protocol version");
  }

  private static String overQuota(App app) {
    int limit = app.limits().maxConnections(); // and, since it was reached, what there are
    return "Account over quota: the app has "
        + limit
        + " connections, the limit is "
        + limit
        + " (max_connections)";
  }
}
