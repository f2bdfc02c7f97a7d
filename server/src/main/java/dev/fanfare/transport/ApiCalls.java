package dev.fanfare.transport;

import dev.fanfare.http.Admission;
import dev.fanfare.http.Answer;
import dev.fanfare.http.Request;
import dev.fanfare.http.Response;
import io.netty.handler.codec.http.HttpRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Hands requests of sockets to the router, in its terms. Stateless.
record ApiCalls(Node node) {

  static final String WEB_SOCKET_ONLY =
      "This path is for WebSockets, and the request has no header 'Upgrade: websocket'."
          + " If a WebSocket client sent it, a proxy on the way has dropped that header";

  private static final byte[] NO_BODY = new byte[0];

  Target target(HttpRequest raw) {
    return Target.of(raw.uri(), node.options().pathPrefix());
  }

  /// Examines a request's head. Null for handshakes, and for what should have been one.
  ///
  /// @param client its address; worked out when a log line needs it
  @Nullable Admission admit(
      HttpRequest raw, Target target, Supplier<String> client, boolean hasBody) {
    boolean isHandshake = Handshake.isRequested(raw, node.router().knows(target.path()));
    return isHandshake || target.path().startsWith(Upgrade.APP_PATH)
        ? null
        : node.router().admit(request(raw, target, NO_BODY, client), hasBody);
  }

  Answer answer(WholeRequest whole, Target target, Supplier<String> client) {
    Request request = request(whole.head(), target, whole.body(), client);
    Admission admission = whole.admission();
    return admission == null
        ? node.router().route(request)
        : node.router().route(request, admission);
  }

  Response refuse(
      HttpRequest raw, Target target, Supplier<String> client, int status, String reason) {
    return node.router().refuse(request(raw, target, NO_BODY, client), status, reason);
  }

  private static Request request(
      HttpRequest raw, Target target, byte[] body, Supplier<String> client) {
    return target.request(raw, body, client);
  }
}
