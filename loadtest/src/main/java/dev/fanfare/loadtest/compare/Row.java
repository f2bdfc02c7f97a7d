package dev.fanfare.loadtest.compare;

import java.util.List;

/// One load of a comparison.
///
/// @param command a scenario and its options, as on the command line
/// @param keys the figures to show, the main one first
/// @param goals may be empty
public record Row(String command, List<String> keys, List<Goal> goals) {

  public Row {
    keys = List.copyOf(keys);
    goals = List.copyOf(goals);
  }

  /// What a JVM's compilers had of the time: shown beside all other figures.
  static final String JIT = "jit_percent";

  /// The prefix that distinguishes the figures of one cell.
  static String prefix(String key) {
    return switch (key) {
      case "rss_bytes_per_connection" -> "RSS ";
      case "heap_bytes_per_connection" -> "heap ";
      case JIT -> "JIT ";
      default -> key.endsWith("_p99_us") ? "p99 " : key.endsWith("_p50_us") ? "p50 " : "";
    };
  }

  /// A load without goals; its scenario determines the figures.
  public static Row of(String command) {
    String scenario = command.strip().split("\\s+", 2)[0];
    List<String> keys =
        switch (scenario) {
          case "fanout" -> TargetTable.FANOUT_KEYS;
          case "http" -> TargetTable.HTTP_KEYS;
          case "connect" -> TargetTable.CONNECT_KEYS;
          case "pingpong" -> TargetTable.PINGPONG_KEYS;
          case "idle" -> TargetTable.IDLE_KEYS;
          case "presence" ->
              List.of("server_cpu_us_per_notice", "notices_per_second", "notice_p99_us");
          case "storm" -> List.of("server_cpu_us_per_return", "back_seconds", "forgotten_seconds");
          default -> List.of("server_cpu_us_per_step", "delivery_p99_us");
        };
    return new Row(command, keys, List.of());
  }
}
