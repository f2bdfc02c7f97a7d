package dev.fanfare.transport;

import dev.fanfare.app.App;
import dev.fanfare.app.Origins;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.SocketId;
import dev.fanfare.session.Session;
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

  /// What a handshake is about.
  ///
  /// @param key empty if the path is not one of an app
  /// @param app null if nobody has that key
  /// @param extensions those that both sides can use, as a header's value; null for none
  record Plan(
      String path, Query query, String key, @Nullable App app, @Nullable String extensions) {}

  /// Why a connection is not wanted.
  private record No(CloseCode code, String reason) {}

  /// Finds out what the client wants; refuses nothing.
  Plan plan(HttpRequest request, String path, String query) {
    String key = path.startsWith(APP_PATH) ? path.substring(APP_PATH.length()) : "";
    App app = node.apps().byKey(key);
    String extensions =
        app != null && app.options().compression()
            ? PerMessageDeflate.accept(
                request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
            : null;
    return new Plan(path, Query.parse(query), key, app, extensions);
  }

  /// Takes over the socket, whose handshake has just been answered.
  void complete(ChannelPipeline pipeline, HttpRequest request, Plan plan) {
    NettyConnection connection =
        new NettyConnection(
            pipeline.channel(),
            context,
            node.options(),
            SocketId.next(context.random()),
            plan.extensions() != null);
    pipeline.addLast(
        new FrameDecoder(decoderConfig),
        new WebSocketHandler(connection, node.options().maxMessageBytes()));
    context.heartbeat().add(connection);
    App app = plan.app();
    No no = check(plan, request);
    if (app != null && no == null) {
      Session session = new Session(app, connection, node.services());
      connection.begin(session);
      if (!session.onOpen(node.options().activityTimeoutSeconds())) {
        no = new No(CloseCode.OVER_CONNECTION_QUOTA, overQuota(app));
      }
    }
    if (no != null) {
      refuse(connection, plan.key(), no);
    }
    connection.onFlush();
  }

  private void refuse(NettyConnection connection, String key, No no) {
    String remote = connection.remoteAddress();
    connection.close(no.code(), no.reason());
    node.services().listener().connectionRefused(key, remote, no.code(), no.reason());
  }

  private static @Nullable No check(Plan plan, HttpRequest request) {
    String key = plan.key();
    if (key.isEmpty() || key.indexOf('/') >= 0) {
      return new No(CloseCode.PATH_NOT_FOUND, "Path not found: " + plan.path());
    }
    No version = checkVersion(plan.query().get("protocol"));
    if (version != null) {
      return version;
    }
    App app = plan.app();
    if (app == null) {
      return new No(
          CloseCode.APP_UNKNOWN,
          "App key " + key + " not in this cluster. Did you forget to specify the cluster?");
    }
    if (!app.options().enabled()) {
      return new No(CloseCode.APP_DISABLED, "Application disabled");
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
