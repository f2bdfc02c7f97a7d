package dev.fanfare.transport.http;

import dev.fanfare.http.Admission;
import dev.fanfare.http.Answer;
import dev.fanfare.http.Request;
import dev.fanfare.http.Response;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.transport.AddressSlot;
import dev.fanfare.transport.HttpPeer;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.SocketInput;
import dev.fanfare.transport.Target;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.websocket.Handshake;
import dev.fanfare.transport.websocket.Upgrade;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Hands requests of sockets to the router, in its terms. Stateless.
record ApiCalls(SocketContext shared) {

  static final String WEB_SOCKET_ONLY =
      "This path is for WebSockets, and the request has no header 'Upgrade: websocket'."
          + " If a WebSocket client sent it, a proxy on the way has dropped that header";

  private static final byte[] NO_BODY = new byte[0];

  Target target(HttpRequest raw) {
    return Target.of(raw.uri(), shared.options().pathPrefix());
  }

  /// Examines a request's head. Null for handshakes, and for what should have been one.
  ///
  /// @param client its address; worked out when a log line needs it
  @Nullable Admission admit(
      HttpRequest raw, Target target, Supplier<String> client, boolean hasBody) {
    boolean isHandshake = Handshake.isRequested(raw, () -> shared.router().knows(target.path()));
    return isHandshake || target.path().startsWith(Upgrade.APP_PATH)
        ? null
        : shared.router().admit(target.request(raw, NO_BODY, client), hasBody);
  }

  Answer answer(WholeRequest whole, Target target, Supplier<String> client) {
    Request request = target.request(whole.head(), whole.body(), client);
    Admission admission = whole.admission();
    return admission == null
        ? shared.router().route(request)
        : shared.router().route(request, admission);
  }

  Response refuse(
      HttpRequest raw, Target target, Supplier<String> client, int status, String reason) {
    return shared.router().refuse(target.request(raw, NO_BODY, client), status, reason);
  }

  /// Checks everything about a handshake that can be answered over HTTP, the cheapest first; null
  /// if it may be upgraded.
  ///
  /// @param client where it came from, behind trusted proxies too
  @Nullable Response refuseHandshake(HttpRequest raw, Target target, Remote client) {
    if (shared.sources().handshake(client.ip()) instanceof Parsed.Bad(String limit)) {
      // Refused before the upgrade, which is cheaper, and makes browsers wait for 15 seconds.
      return refuse(raw, target, client::toString, 429, limit)
          .withHeader("Retry-After", "1")
          .closing();
    }
    if (Handshake.check(raw) instanceof Parsed.Bad(String reason)) {
      return refuse(raw, target, client::toString, 400, reason);
    }
    if (Query.parse(target.query()).check() instanceof Parsed.Bad(String reason)) {
      return refuse(raw, target, client::toString, 400, reason);
    }
    String version = "Only WebSocket version 13 is supported";
    return Handshake.isVersionSupported(raw)
        ? null
        : refuse(raw, target, client::toString, 426, version)
            .withHeader("Upgrade", "websocket")
            .withHeader("Sec-WebSocket-Version", "13");
  }

  /// Trusts a socket on which a request was carried out that had to be signed for it.
  void trust(HttpPeer peer, Channel socket, HttpRequest raw, Response response) {
    AddressSlot slot = peer.slot();
    SocketInput input = SocketInput.of(socket);
    if ((slot.isCounted() || !input.isTrusted()) && isSigned(raw, response)) {
      slot.release(); // a key holder's, who may have many
      input.trust();
    }
  }

  private boolean isSigned(HttpRequest raw, Response response) {
    return response.status() == 200
        && !raw.method().equals(HttpMethod.OPTIONS)
        && !shared.router().isOpen(target(raw).path());
  }
}
