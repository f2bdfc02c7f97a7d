package dev.fanfare.transport.websocket;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebSocketHandshake;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The server's side of the opening handshake (RFC 6455 section 4.2). Stateless.
public final class Handshake {

  private static final String SUBPROTOCOL_PREFIX = "pusher-channels-protocol-";
  private static final int KEY_BYTES = 16;
  private static final String PROXY = "; a proxy on the way may have changed the request";

  private Handshake() {}

  /// True if the request asks for a WebSocket. Proxies add `Upgrade` to requests of all kinds; on
  /// those that cannot be a handshake it is ignored (RFC 9110 section 7.8).
  ///
  /// @param isOfApi whether the path is one of the HTTP API's
  public static boolean isRequested(HttpRequest request, BooleanSupplier isOfApi) {
    HttpHeaders headers = request.headers();
    return request.method().equals(HttpMethod.GET)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY) || !isOfApi.getAsBoolean());
  }

  /// Fails if the request is not a valid handshake.
  public static Parsed<Parsed.Passed> check(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!request.protocolVersion().isKeepAliveDefault()) {
      return new Parsed.Bad<>(
          "A WebSocket handshake needs HTTP/1.1, this request is HTTP/1.0" + PROXY);
    }
    if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      return new Parsed.Bad<>("The Connection header must contain Upgrade" + PROXY);
    }
    List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (keys.size() > 1) {
      return new Parsed.Bad<>(
          "The request has " + keys.size() + " Sec-WebSocket-Key headers" + PROXY);
    }
    return !keys.isEmpty() && isKey(keys.getFirst())
        ? Parsed.PASSED
        : new Parsed.Bad<>("The Sec-WebSocket-Key header must hold 16 bytes in base64" + PROXY);
  }

  /// RFC 6455 section 4.4: the version stands in one header.
  public static boolean isVersionSupported(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals(List.of("13"));
  }

  /// `101 Switching Protocols`. A Pusher subprotocol is echoed only if the client offered it.
  ///
  /// @param extensions the negotiated ones, if any
  /// @param cookie the value of `Set-Cookie`, if any
  public static FullHttpResponse accept(
      HttpRequest request, @Nullable String extensions, @Nullable String cookie) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
    String key = String.valueOf(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY));
    response
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, new WebSocketHandshake(key.strip()).accept());
    String subprotocol = subprotocol(request.headers());
    if (subprotocol != null) {
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    if (extensions != null) {
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extensions);
    }
    if (cookie != null) {
      response.headers().set(HttpHeaderNames.SET_COOKIE, cookie);
    }
    return response;
  }

  private static @Nullable String subprotocol(HttpHeaders headers) {
    for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      for (String offered : line.split(",", -1)) {
        if (offered.strip().startsWith(SUBPROTOCOL_PREFIX)) {
          return offered.strip();
        }
      }
    }
    return null;
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
