package dev.fanfare.clients;

import com.pusher.rest.Pusher;
import com.pusher.rest.data.PresenceUser;
import com.pusher.rest.data.Result;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.app.App;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The application's server: publishes with the official SDK and authorizes subscriptions.
///
/// Over HTTP it identifies a user by the bearer token and authorizes every channel except those
/// named after another user.
final class Backend implements AutoCloseable {

  private static final String MASTER_KEY = "ZUhQVldIZzduRkdZVkJzS2pPRkRYV1JyaWJJUjJiMGI=";
  private static final Pattern OWNED = Pattern.compile("private-(?:cache-)?user-(\\w+)");
  private static final Pattern JSON_FIELD = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"([^\"]*)\"");
  private static final Pattern FORM_FIELD = Pattern.compile("(\\w+)=([^&]*)");
  private static final String TOKEN = "Bearer token-of-";

  private final App app;
  private final Pusher sdk;
  private final HttpServer http;
  private final Inbox<String> requests = new Inbox<>("requests to the auth endpoint");

  Backend(TestNode node) throws IOException {
    this(node.port(), node.app());
  }

  /// A server with the credentials of this app.
  Backend(int port, App app) throws IOException {
    this.app = app;
    sdk = new Pusher(app.id(), app.key(), app.secret().reveal(), MASTER_KEY);
    sdk.setHost("127.0.0.1:" + port);
    sdk.setEncrypted(false);
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/broadcasting/auth", this::onChannelAuth);
    http.createContext("/broadcasting/user-auth", this::onUserAuth);
    http.start();
  }

  /// The server SDK, able to encrypt.
  Pusher sdk() {
    TestNode.settle();
    return sdk;
  }

  /// Publishes with the SDK, which turns `data` into JSON, and expects success.
  void publish(String channel, String event, Object data) {
    Result result = sdk().trigger(channel, event, data);
    if (result.getStatus() != Result.Status.SUCCESS) {
      throw new AssertionError(result.getHttpStatus() + " " + result.getMessage());
    }
  }

  /// The auth endpoint for private and presence channels.
  String authUrl() {
    return url("/broadcasting/auth");
  }

  /// The auth endpoint for sign-ins.
  String userAuthUrl() {
    return url("/broadcasting/user-auth");
  }

  /// The `Authorization` header of a user's app.
  static String bearer(String userId) {
    return TOKEN + userId;
  }

  /// The requests to the auth endpoint: form or JSON, channel and user.
  Inbox<String> requests() {
    return requests;
  }

  /// The authorization for any private or presence channel.
  String authorize(String userId, String channel, String socketId) {
    TestNode.settle();
    return channel.startsWith("presence-")
        ? sdk.authenticate(
            socketId, channel, new PresenceUser(userId, Map.of("name", "The user " + userId)))
        : sdk.authenticate(socketId, channel);
  }

  /// The authentication of a user; the SDK has no method for it.
  private String signIn(String userId, String socketId) {
    String userData = Json.object().field("id", userId).text();
    String auth =
        app.key() + ":" + app.secret().signature().sign(Signature.signIn(socketId, userData));
    return Json.object().field("auth", auth).field("user_data", userData).text();
  }

  @Override
  public void close() {
    http.stop(0);
    try {
      sdk.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void onChannelAuth(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> fields = fields(body);
    String user = user(exchange);
    String channel = fields.getOrDefault("channel_name", "");
    requests.add((body.startsWith("{") ? "json " : "form ") + channel + " by " + user);
    Matcher owned = OWNED.matcher(channel);
    if (user.isEmpty() || (owned.matches() && !owned.group(1).equals(user))) {
      respond(exchange, 403, "{\"message\":\"Not your channel\"}");
    } else {
      respond(exchange, 200, authorize(user, channel, fields.getOrDefault("socket_id", "")));
    }
  }

  private void onUserAuth(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String user = user(exchange);
    if (user.isEmpty()) {
      respond(exchange, 403, "{}");
    } else {
      respond(exchange, 200, signIn(user, fields(body).getOrDefault("socket_id", "")));
    }
  }

  private static String user(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    return authorization != null && authorization.startsWith(TOKEN)
        ? authorization.substring(TOKEN.length())
        : "";
  }

  /// The fields of a body, which clients send as a form or as JSON with any content type.
  private static Map<String, String> fields(String body) {
    Map<String, String> fields = new HashMap<>();
    boolean isJson = body.startsWith("{");
    Matcher matcher = (isJson ? JSON_FIELD : FORM_FIELD).matcher(body);
    while (matcher.find()) {
      String value = matcher.group(2);
      fields.put(
          matcher.group(1), isJson ? value : URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }
}
