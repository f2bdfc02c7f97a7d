package dev.fanfare.transport;

import dev.fanfare.protocol.Limits;
import io.soabase.recordbuilder.core.RecordBuilder;

/// How the server listens and what it allows any one socket.
///
/// @param host address to bind
/// @param port port to bind, 0 for any free one
/// @param pathPrefix what stands before `/app/` and `/apps/`, such as `/ws`; empty for nothing
/// @param activityTimeoutSeconds silence after which a connection is probed; told to clients (1.4)
/// @param pongTimeoutSeconds how long a probe may stay unanswered (1.4)
/// @param maxMessageBytes bytes of one WebSocket message (1009 above)
/// @param maxRequestBytes bytes of one HTTP request body (413 above)
/// @param maxPendingBytes bytes that may wait for one slow reader before it is disconnected (4100)
/// @param lanes event loops; 0 for one per core
/// @param transport how to talk to the kernel
@RecordBuilder
public record ServerOptions(
    String host,
    int port,
    String pathPrefix,
    int activityTimeoutSeconds,
    int pongTimeoutSeconds,
    int maxMessageBytes,
    int maxRequestBytes,
    int maxPendingBytes,
    int lanes,
    Transport transport)
    implements ServerOptionsBuilder.With {

  /// Ways to talk to the kernel; [#AUTO] takes the best that works here.
  public enum Transport {
    AUTO,
    IO_URING,
    EPOLL,
    KQUEUE,
    NIO
  }

  public static final ServerOptions DEFAULTS =
      new ServerOptions(
          "0.0.0.0",
          6001,
          "",
          Limits.ACTIVITY_TIMEOUT_SECONDS,
          Limits.PONG_TIMEOUT_SECONDS,
          131_072,
          1_048_576,
          1_048_576,
          0,
          Transport.AUTO);
}
