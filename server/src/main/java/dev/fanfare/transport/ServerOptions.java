package dev.fanfare.transport;

import static java.util.Objects.requireNonNull;

import dev.fanfare.protocol.Limits;
import dev.fanfare.transport.address.Network;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/// How the server listens, and the limits of a socket.
///
/// @param host address to bind
/// @param port port to bind, 0 for any free one
/// @param pathPrefix path before `/app/` and `/apps/`, such as `/ws`; empty for none
/// @param activityTimeoutSeconds idle time after which a connection is probed; sent to clients
///   (1.4)
/// @param pongTimeoutSeconds how long a probe may stay unanswered (1.4)
/// @param maxMessageBytes bytes of one WebSocket message (1009 above)
/// @param maxRequestBytes bytes of one HTTP request body (413 above)
/// @param readBytesPerSecond bytes of messages, after inflation, that one connection may have
///   processed per second, 0 for no limit (read more slowly above)
/// @param maxPendingBytes bytes that may be pending for a slow reader before it is disconnected
///   (4100)
/// @param lanes event loops; 0 for one per core
/// @param transport the preferred Netty transport
/// @param maxSockets sockets that may be open at once, of all kinds and ports, 0 for as many as the
///   open-file limit leaves (4100 above)
/// @param maxConnectionsPerAddress sockets of one source address, from accept until they have sent
///   a signed request, 0 for no limit (4100 above)
/// @param maxHandshakesPerSecondPerAddress upgrades that one source address may ask for in a
///   second, 0 for no limit (429 above)
/// @param trustedProxies proxies whose statement of the client's address is trusted
/// @param proxyProtocol whether trusted proxies send a PROXY protocol header
/// @param requestTimeoutSeconds from a request's first byte to its last (408 after)
/// @param handshakeTimeoutSeconds from TCP accept to the end of the first request (408 after)
/// @param headTimeoutSeconds from TCP accept, or a later request's first byte, to the end of the
///   request's head, with a TLS handshake and a PROXY header (408 after)
/// @param keepAliveSeconds how long a connection may be idle after a response before it is closed
/// @param warmUpSeconds how long the server exercises its own code before it is ready; 0 for not
/// @param fallback whether and how clients may connect without WebSocket
/// @param tls whether and how TLS is used
@RecordBuilder
public record ServerOptions(
    String host,
    int port,
    String pathPrefix,
    int activityTimeoutSeconds,
    int pongTimeoutSeconds,
    int maxMessageBytes,
    int maxRequestBytes,
    int readBytesPerSecond,
    int maxPendingBytes,
    int lanes,
    Transport transport,
    int maxSockets,
    int maxConnectionsPerAddress,
    int maxHandshakesPerSecondPerAddress,
    List<Network> trustedProxies,
    ProxyProtocol proxyProtocol,
    int requestTimeoutSeconds,
    int handshakeTimeoutSeconds,
    int headTimeoutSeconds,
    int keepAliveSeconds,
    int warmUpSeconds,
    FallbackOptions fallback,
    TlsOptions tls)
    implements ServerOptionsBuilder.With {

  /// Netty transports; [#AUTO] selects the best that is available.
  public enum Transport {
    AUTO,
    IO_URING,
    EPOLL,
    KQUEUE,
    NIO
  }

  /// Whether sockets of trusted proxies begin with a PROXY protocol header.
  public enum ProxyProtocol {
    OFF,
    OPTIONAL,
    REQUIRED
  }

  public static final ServerOptions DEFAULTS =
      ServerOptionsBuilder.builder()
          .host("0.0.0.0")
          .port(6001)
          .pathPrefix("")
          .activityTimeoutSeconds(Limits.ACTIVITY_TIMEOUT_SECONDS)
          .pongTimeoutSeconds(Limits.PONG_TIMEOUT_SECONDS)
          .maxMessageBytes(131_072)
          .maxRequestBytes(1_048_576)
          .readBytesPerSecond(1_048_576)
          .maxPendingBytes(1_048_576)
          .lanes(0)
          .transport(Transport.AUTO)
          .maxSockets(0)
          .maxConnectionsPerAddress(0)
          .maxHandshakesPerSecondPerAddress(0)
          .trustedProxies(List.of())
          .proxyProtocol(ProxyProtocol.OFF)
          .requestTimeoutSeconds(30)
          .handshakeTimeoutSeconds(30)
          .headTimeoutSeconds(10)
          .keepAliveSeconds(660)
          .warmUpSeconds(0)
          .fallback(FallbackOptions.DEFAULTS)
          .tls(TlsOptions.OFF)
          .build();

  /// Fails if a component is null, or a number is out of range. A builder leaves an omitted one
  /// null or 0, which six of the numbers may be; that a builder's caller omits none is a rule that
  /// tests check.
  public ServerOptions {
    requireNonNull(host, "host");
    requireNonNull(pathPrefix, "pathPrefix");
    requireNotNegative(port, "port");
    requirePositive(activityTimeoutSeconds, "activityTimeoutSeconds");
    requirePositive(pongTimeoutSeconds, "pongTimeoutSeconds");
    requirePositive(maxMessageBytes, "maxMessageBytes");
    requirePositive(maxRequestBytes, "maxRequestBytes");
    requireNotNegative(readBytesPerSecond, "readBytesPerSecond");
    requirePositive(maxPendingBytes, "maxPendingBytes");
    requireNotNegative(lanes, "lanes");
    requireNonNull(transport, "transport");
    requireNotNegative(maxSockets, "maxSockets");
    requireNotNegative(maxConnectionsPerAddress, "maxConnectionsPerAddress");
    requireNotNegative(maxHandshakesPerSecondPerAddress, "maxHandshakesPerSecondPerAddress");
    requireNonNull(trustedProxies, "trustedProxies");
    requireNonNull(proxyProtocol, "proxyProtocol");
    requirePositive(requestTimeoutSeconds, "requestTimeoutSeconds");
    requirePositive(handshakeTimeoutSeconds, "handshakeTimeoutSeconds");
    requirePositive(headTimeoutSeconds, "headTimeoutSeconds");
    requirePositive(keepAliveSeconds, "keepAliveSeconds");
    requireNotNegative(warmUpSeconds, "warmUpSeconds");
    requireNonNull(fallback, "fallback");
    requireNonNull(tls, "tls");
    trustedProxies = List.copyOf(trustedProxies);
  }

  private static void requirePositive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, and is " + value);
    }
  }

  private static void requireNotNegative(int value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, and is " + value);
    }
  }

  /// How many event loops there are: [#lanes], or one per core.
  public int laneCount() {
    return lanes > 0 ? lanes : Runtime.getRuntime().availableProcessors();
  }
}
