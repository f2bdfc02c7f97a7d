package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.history.ResumeOptions;
import java.util.List;

/// How clients that come back are served: keys below `server:`.
public final class ResumeSchema {

  private static final ResumeOptions DEFAULTS = ResumeOptions.DEFAULTS;

  static final Option<Integer> ACKNOWLEDGE_MILLISECONDS =
      Option.atStart(
          "history_acknowledge_milliseconds",
          new Kind.Whole(1_000, 60_000),
          DEFAULTS.acknowledgeMilliseconds(),
          "A client that gets kept events is asked at most that often what it has received; rounded"
              + " up to seconds. What it has not confirmed when its connection breaks is sent again"
              + " when it comes back.");

  static final Option<Integer> OVERLAP_MILLISECONDS =
      Option.atStart(
          "history_overlap_milliseconds",
          new Kind.Whole(0, 60_000),
          DEFAULTS.overlapMilliseconds(),
          "A client that comes back also gets the events that were published that shortly before"
              + " the last one that it has confirmed. For proxies that answer pings for their"
              + " clients, which `fanfare doctor` detects.");

  public static final Option<Integer> MAX_RESUMABLE_CONNECTIONS =
      Option.atStart(
          "max_resumable_connections",
          new Kind.Whole(0, 10_000_000),
          DEFAULTS.maxConnections(),
          "Connections that have ended and may be resumed; above this limit, the oldest are"
              + " forgotten. Their positions take at most half as much heap as"
              + " `history_memory_bytes`, besides it.");

  static final List<Option<?>> ALL =
      List.of(ACKNOWLEDGE_MILLISECONDS, OVERLAP_MILLISECONDS, MAX_RESUMABLE_CONNECTIONS);

  private ResumeSchema() {}

  public static ResumeOptions options(Section server) {
    return new ResumeOptions(
        server.get(ACKNOWLEDGE_MILLISECONDS),
        server.get(OVERLAP_MILLISECONDS),
        server.get(MAX_RESUMABLE_CONNECTIONS));
  }
}
