package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.NetworkList;
import dev.fanfare.log.LogOptions;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.ServerOptionsBuilder;
import dev.fanfare.transport.address.Network;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The options of the server: keys below `server:`, variables `FANFARE_…`.
public final class ServerSchema {

  private static final ServerOptions DEFAULTS = ServerOptions.DEFAULTS;
  public static final int MAX_BYTES = 1 << 30;

  static final Kind<String> ADDRESS =
      new Kind.Text(Pattern.compile("[A-Za-z0-9_.:%-]+"), "an address or host name without a port");

  public static final Option<String> HOST =
      Option.atStart(
          "host",
          ADDRESS,
          DEFAULTS.host(),
          "Address to listen on; `0.0.0.0` is every IPv4 address of the machine, `::` every"
              + " address.");

  public static final Option<Integer> PORT =
      Option.atStart(
          "port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Port for clients and the HTTP API; 0 picks a free one.");

  public static final Option<String> PATH_PREFIX =
      Option.atStart(
          "path_prefix",
          new Kind.Text(
              Pattern.compile("(?:/[A-Za-z0-9_.~-]+)*"), "empty or a path such as \"/realtime\""),
          DEFAULTS.pathPrefix(),
          "Path in front of `/app/…` and `/apps/…`, for a proxy that does not strip it.");

  public static final Option<Integer> ACTIVITY_TIMEOUT_SECONDS =
      Option.atStart(
          "activity_timeout_seconds",
          new Kind.Whole(1, 86_400),
          DEFAULTS.activityTimeoutSeconds(),
          "Seconds of silence after which client and server each check that the other is alive.");

  static final Option<Integer> PONG_TIMEOUT_SECONDS =
      Option.atStart(
          "pong_timeout_seconds",
          new Kind.Whole(1, 3_600),
          DEFAULTS.pongTimeoutSeconds(),
          "Seconds to wait for the answer to that check before the connection is closed.");

  public static final Option<Integer> MAX_MESSAGE_BYTES =
      Option.atStart(
          "max_message_bytes",
          new Kind.Whole(1_024, MAX_BYTES),
          DEFAULTS.maxMessageBytes(),
          "Largest WebSocket message from a client, in bytes; a larger one closes the connection.");

  public static final Option<Integer> MAX_REQUEST_BYTES =
      Option.atStart(
          "max_request_bytes",
          new Kind.Whole(1_024, MAX_BYTES),
          DEFAULTS.maxRequestBytes(),
          "Largest body of an HTTP request, in bytes; a larger one gets 413.");

  static final Option<Integer> READ_BYTES_PER_SECOND =
      Option.atStart(
          "read_bytes_per_second",
          new Kind.Whole(0, MAX_BYTES),
          DEFAULTS.readBytesPerSecond(),
          "Bytes of WebSocket messages, after inflation, that the server reads from one connection"
              + " per second, after a burst of one second's worth; 0 for no limit. Nothing is"
              + " refused: a client that sends more has to wait.");

  public static final Option<Integer> MAX_PENDING_BYTES =
      Option.atStart(
          "max_pending_bytes",
          new Kind.Whole(1_024, MAX_BYTES),
          DEFAULTS.maxPendingBytes(),
          "Bytes that may be queued for one connection that reads too slowly; above this limit, the"
              + " app's `slow_readers` applies.");

  static final Option<Integer> LANES =
      Option.atStart(
          "lanes",
          new Kind.Whole(0, 1_024),
          DEFAULTS.lanes(),
          "Threads that serve connections; 0 means one per core.");

  static final Option<ServerOptions.Transport> TRANSPORT =
      Option.atStart(
          "transport",
          new Kind.Choice<>(ServerOptions.Transport.class),
          DEFAULTS.transport(),
          "I/O mechanism; `auto` picks the best one available, and the start-up message says why.");

  public static final Option<Integer> MAX_SOCKETS =
      Option.atStart(
          "max_sockets",
          new Kind.Whole(0, 1_000_000_000),
          DEFAULTS.maxSockets(),
          "Sockets that may be open at once, on all ports and for all apps, HTTP connections"
              + " included; 0 for as many as the open-file limit leaves. Clients above get 4100;"
              + " up to 32 sockets are kept for HTTP.");

  public static final Option<Integer> MAX_CONNECTIONS_PER_ADDRESS =
      Option.atStart(
          "max_connections_per_address",
          new Kind.Whole(0, 1_000_000_000),
          DEFAULTS.maxConnectionsPerAddress(),
          "Sockets from one address (IPv6: from one /64), 0 for no limit; more get 4100. They count"
              + " from the TCP connection, HTTP included, until a signed request was accepted on"
              + " them. Behind a proxy, also set `trusted_proxies`; otherwise all clients share one"
              + " address.");

  public static final Option<Integer> MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS =
      Option.atStart(
          "max_handshakes_per_second_per_address",
          new Kind.Whole(0, 1_000_000),
          DEFAULTS.maxHandshakesPerSecondPerAddress(),
          "WebSocket handshakes from one address per second, including refused ones, 0 for no"
              + " limit; more get 429, after which browsers wait for 15 seconds.");

  public static final Option<List<Network>> TRUSTED_PROXIES =
      Option.atStart(
          "trusted_proxies",
          new NetworkList(),
          DEFAULTS.trustedProxies(),
          "Proxies whose `X-Forwarded-For` header or PROXY protocol header is trusted to name the"
              + " client. Separate them with commas in a variable.");

  public static final Option<ServerOptions.ProxyProtocol> PROXY_PROTOCOL =
      Option.atStart(
          "proxy_protocol",
          new Kind.Choice<>(ServerOptions.ProxyProtocol.class),
          DEFAULTS.proxyProtocol(),
          "Whether connections from `trusted_proxies` may (`optional`) or must (`required`) begin"
              + " with a PROXY protocol header, version 1 or 2. `required` closes all other"
              + " connections.");

  static final Option<Integer> REQUEST_TIMEOUT_SECONDS =
      Option.atStart(
          "request_timeout_seconds",
          new Kind.Whole(1, 3_600),
          DEFAULTS.requestTimeoutSeconds(),
          "Seconds that an HTTP request or a handshake may take from its first byte to its last;"
              + " after that, 408.");

  static final Option<Integer> HANDSHAKE_TIMEOUT_SECONDS =
      Option.atStart(
          "handshake_timeout_seconds",
          new Kind.Whole(1, 3_600),
          DEFAULTS.handshakeTimeoutSeconds(),
          "Seconds from the TCP connection to the end of its first request or handshake; after"
              + " that, 408.");

  static final Option<Integer> HEAD_TIMEOUT_SECONDS =
      Option.atStart(
          "head_timeout_seconds",
          new Kind.Whole(1, 3_600),
          DEFAULTS.headTimeoutSeconds(),
          "Seconds that a connection may send nothing, or only part of a PROXY header, of a TLS"
              + " handshake or of a request's head; after that it is closed, with 408 if part of a"
              + " request has arrived. Browsers open connections in advance; while open files run"
              + " short, unused ones are closed much earlier.");

  static final Option<Integer> KEEP_ALIVE_SECONDS =
      Option.atStart(
          "keep_alive_seconds",
          new Kind.Whole(1, 86_400),
          DEFAULTS.keepAliveSeconds(),
          "Seconds after which an idle HTTP connection is closed. Must exceed the idle time-out of"
              + " a load balancer in front (Google Cloud: 600, Envoy: 3600), or it sends requests"
              + " into closed connections and answers 502.");

  static final Option<Integer> WARM_UP_SECONDS =
      Option.atStart(
          "warm_up_seconds",
          new Kind.Whole(0, 60),
          DEFAULTS.warmUpSeconds(),
          "Seconds at most for which the server connects to itself at the start, so that its code"
              + " is compiled before `/ready` answers 200; 0 for none. Clients that come meanwhile"
              + " are served.");

  public static final Option<Integer> DRAIN_CONNECTIONS_PER_SECOND =
      Option.of(
          "drain_connections_per_second",
          new Kind.Whole(1, 1_000_000),
          DrainOptions.DEFAULTS.connectionsPerSecond(),
          "Connections that a shutdown disconnects per second; more if it would otherwise take"
              + " longer than `drain_seconds`.");

  public static final Option<Integer> DRAIN_SECONDS =
      Option.of(
          "drain_seconds",
          new Kind.Whole(0, 3_600),
          DrainOptions.DEFAULTS.seconds(),
          "Seconds within which a shutdown disconnects the last connection. Allow the process a"
              + " little more: container engines kill it after 10 by default.");

  public static final Option<Integer> DRAIN_DELAY_SECONDS =
      Option.of(
          "drain_delay_seconds",
          new Kind.Whole(0, 3_600),
          DrainOptions.DEFAULTS.delaySeconds(),
          "Seconds at the beginning of a shutdown during which the server is not ready but still"
              + " accepts connections, so that load balancers notice. `drain_seconds` begins after"
              + " them.");

  static final Option<LogOptions.Format> LOG =
      Option.atStart(
          "log",
          new Kind.Choice<>(LogOptions.Format.class),
          LogOptions.DEFAULTS.format(),
          "Format of log lines: plain text, or one JSON object per line.");

  public static final Option<LogOptions.Level> LOG_LEVEL =
      Option.of(
          "log_level",
          new Kind.Choice<>(LogOptions.Level.class),
          LogOptions.DEFAULTS.level(),
          "Minimum log level.");

  private static final List<Option<?>> OWN =
      List.of(
          HOST,
          PORT,
          PATH_PREFIX,
          TRANSPORT,
          LANES,
          ACTIVITY_TIMEOUT_SECONDS,
          PONG_TIMEOUT_SECONDS,
          MAX_MESSAGE_BYTES,
          MAX_REQUEST_BYTES,
          READ_BYTES_PER_SECOND,
          MAX_PENDING_BYTES,
          MAX_SOCKETS,
          MAX_CONNECTIONS_PER_ADDRESS,
          MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS,
          TRUSTED_PROXIES,
          PROXY_PROTOCOL,
          REQUEST_TIMEOUT_SECONDS,
          HANDSHAKE_TIMEOUT_SECONDS,
          HEAD_TIMEOUT_SECONDS,
          KEEP_ALIVE_SECONDS,
          WARM_UP_SECONDS,
          DRAIN_CONNECTIONS_PER_SECOND,
          DRAIN_SECONDS,
          DRAIN_DELAY_SECONDS,
          LOG,
          LOG_LEVEL);

  public static final List<Option<?>> ALL =
      Stream.of(
              OWN,
              FallbackSchema.ALL,
              LedgerSchema.ALL,
              HistoryStoreSchema.ALL,
              ResumeSchema.ALL,
              MetricsSchema.ALL,
              ConsoleSchema.ALL,
              TelemetrySchema.ALL,
              OperatorSchema.ALL,
              TlsSchema.ALL,
              AcmeSchema.ALL)
          .<Option<?>>flatMap(List::stream)
          .toList();

  private ServerSchema() {}

  public static ServerOptions options(Section server) {
    return ServerOptionsBuilder.builder()
        .host(server.get(HOST))
        .port(server.get(PORT))
        .pathPrefix(server.get(PATH_PREFIX))
        .activityTimeoutSeconds(server.get(ACTIVITY_TIMEOUT_SECONDS))
        .pongTimeoutSeconds(server.get(PONG_TIMEOUT_SECONDS))
        .maxMessageBytes(server.get(MAX_MESSAGE_BYTES))
        .maxRequestBytes(server.get(MAX_REQUEST_BYTES))
        .readBytesPerSecond(server.get(READ_BYTES_PER_SECOND))
        .maxPendingBytes(server.get(MAX_PENDING_BYTES))
        .lanes(server.get(LANES))
        .transport(server.get(TRANSPORT))
        .maxSockets(server.get(MAX_SOCKETS))
        .maxConnectionsPerAddress(server.get(MAX_CONNECTIONS_PER_ADDRESS))
        .maxHandshakesPerSecondPerAddress(server.get(MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS))
        .trustedProxies(server.get(TRUSTED_PROXIES))
        .proxyProtocol(server.get(PROXY_PROTOCOL))
        .requestTimeoutSeconds(server.get(REQUEST_TIMEOUT_SECONDS))
        .handshakeTimeoutSeconds(server.get(HANDSHAKE_TIMEOUT_SECONDS))
        .headTimeoutSeconds(server.get(HEAD_TIMEOUT_SECONDS))
        .keepAliveSeconds(server.get(KEEP_ALIVE_SECONDS))
        .warmUpSeconds(server.get(WARM_UP_SECONDS))
        .fallback(FallbackSchema.options(server))
        .tls(TlsSchema.options(server))
        .build();
  }

  public static DrainOptions drain(Section server) {
    return new DrainOptions(
        server.get(DRAIN_CONNECTIONS_PER_SECOND),
        server.get(DRAIN_SECONDS),
        server.get(DRAIN_DELAY_SECONDS));
  }

  public static LogOptions log(Section server) {
    return new LogOptions(server.get(LOG), server.get(LOG_LEVEL));
  }
}
