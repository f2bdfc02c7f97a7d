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
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
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
  /// because every close must carry a reason.
  static WebSocketDecoderConfig decoderConfig(ServerOptions options) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(options.maxMessageBytes())
        .expectMaskedFrames(true)
        .allowMaskMismatch(false)
        .allowExtensions(false)
        .closeOnProtocolViolation(false)
        .withUTF8Validator(false)
        .build();
  }

  /// Why a connection is not wanted.
  private record No(CloseCode code, String reason) {}

  /// Takes over the socket, whose handshake has just been answered.
  void complete(ChannelPipeline pipeline, HttpRequest request, String path, String query) {
    NettyConnection connection =
        new NettyConnection(
            pipeline.channel(), context, node.options(), SocketId.next(context.random()));
    pipeline.addLast(
        new WebSocket13FrameDecoder(decoderConfig),
        new WebSocketHandler(connection, node.options().maxMessageBytes()));
    context.heartbeat().add(connection);
    String key = path.startsWith(APP_PATH) ? path.substring(APP_PATH.length()) : "";
    App app = node.apps().byKey(key);
    No no = check(app, key, path, Query.parse(query), request);
    if (app != null && no == null) {
      Session session = new Session(app, connection, node.services());
      connection.begin(session);
      if (!session.onOpen(node.options().activityTimeoutSeconds())) {
        no = new No(CloseCode.OVER_CONNECTION_QUOTA, overQuota(app));
      }
    }
    if (no != null) {
      refuse(connection, key, no);
    }
    connection.onFlush();
  }

  private void refuse(NettyConnection connection, String key, No no) {
    String remote = connection.remoteAddress();
    connection.close(no.code(), no.reason());
    node.services().listener().connectionRefused(key, remote, no.code(), no.reason());
  }

  private static @Nullable No check(
      @Nullable App app, String key, String path, Query query, HttpRequest request) {
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
    return "Account over quota: "
        + app.limits().maxConnections()
        + " connections (max_connections)";
  }
}
