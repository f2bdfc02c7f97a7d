package dev.fanfare.config;

import dev.fanfare.transport.ServerOptions;
import java.util.List;
import java.util.regex.Pattern;

/// The options of the server: keys below `server:`, variables `FANFARE_…`.
final class ServerSchema {

  private static final ServerOptions DEFAULTS = ServerOptions.DEFAULTS;
  private static final int MAX_BYTES = 1 << 30;

  static final Option<String> HOST =
      Option.of(
          "host",
          new Kind.Text(
              Pattern.compile("[A-Za-z0-9_.:%-]+"), "an address or host name without a port"),
          DEFAULTS.host(),
          "Address to listen on; `0.0.0.0` is every IPv4 address of the machine, `::` every"
              + " address.");

  static final Option<Integer> PORT =
      Option.of(
          "port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Port for clients and for the HTTP API; 0 takes any free one.");

  static final Option<String> PATH_PREFIX =
      Option.of(
          "path_prefix",
          new Kind.Text(
              Pattern.compile("(?:/[A-Za-z0-9_.~-]+)*"), "empty or a path such as \"/realtime\""),
          DEFAULTS.pathPrefix(),
          "Path before `/app/…` and `/apps/…`, for a proxy that does not cut it off.");

  static final Option<Integer> ACTIVITY_TIMEOUT_SECONDS =
      Option.of(
          "activity_timeout_seconds",
          new Kind.Whole(1, 86_400),
          DEFAULTS.activityTimeoutSeconds(),
          "Seconds of silence after which either side checks whether the other is still there.");

  static final Option<Integer> PONG_TIMEOUT_SECONDS =
      Option.of(
          "pong_timeout_seconds",
          new Kind.Whole(1, 3_600),
          DEFAULTS.pongTimeoutSeconds(),
          "Seconds that the answer to that check may take before the connection is closed.");

  static final Option<Integer> MAX_MESSAGE_BYTES =
      Option.of(
          "max_message_bytes",
          new Kind.Whole(1_024, MAX_BYTES),
          DEFAULTS.maxMessageBytes(),
          "Bytes of one WebSocket message from a client; a longer one closes the connection.");

  static final Option<Integer> MAX_REQUEST_BYTES =
      Option.of(
          "max_request_bytes",
          new Kind.Whole(1_024, MAX_BYTES),
          DEFAULTS.maxRequestBytes(),
          "Bytes of the body of one HTTP request; a longer one is answered with 413.");

  static final Option<Integer> MAX_PENDING_BYTES =
      Option.of(
          "max_pending_bytes",
          new Kind.Whole(1_024, MAX_BYTES),
          DEFAULTS.maxPendingBytes(),
          "Bytes that may wait for one connection that reads too slowly; above, it is closed.");

  static final Option<Integer> LANES =
      Option.of(
          "lanes",
          new Kind.Whole(0, 1_024),
          DEFAULTS.lanes(),
          "Threads that serve connections; 0 is one per core.");

  static final Option<ServerOptions.Transport> TRANSPORT =
      Option.of(
          "transport",
          new Kind.Choice<>(ServerOptions.Transport.class),
          DEFAULTS.transport(),
          "How sockets are driven; `auto` takes the best that works here, and the start says why.");

  static final Option<LogOptions.Format> LOG =
      Option.of(
          "log",
          new Kind.Choice<>(LogOptions.Format.class),
          LogOptions.DEFAULTS.format(),
          "Log lines for people, or one JSON object per line.");

  static final Option<LogOptions.Level> LOG_LEVEL =
      Option.of(
          "log_level",
          new Kind.Choice<>(LogOptions.Level.class),
          LogOptions.DEFAULTS.level(),
          "The least important log line that is written.");

  static final List<Option<?>> ALL =
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
          MAX_PENDING_BYTES,
          LOG,
          LOG_LEVEL);

  private ServerSchema() {}

  static ServerOptions options(Section server) {
    return new ServerOptions(
        server.get(HOST),
        server.get(PORT),
        server.get(PATH_PREFIX),
        server.get(ACTIVITY_TIMEOUT_SECONDS),
        server.get(PONG_TIMEOUT_SECONDS),
        server.get(MAX_MESSAGE_BYTES),
        server.get(MAX_REQUEST_BYTES),
        server.get(MAX_PENDING_BYTES),
        server.get(LANES),
        server.get(TRANSPORT));
  }

  static LogOptions log(Section server) {
    return new LogOptions(server.get(LOG), server.get(LOG_LEVEL));
  }
}
