package dev.fanfare.loadtest.compare;

import java.util.List;

/// The loads that Fanfare is measured with, and its goals with the server on one core and the
/// generator on another. Absolute numbers depend on the machine; the ratio to soketi depends on it
/// less.
public final class TargetTable {

  static final List<String> FANOUT_KEYS =
      List.of("server_cpu_us_per_delivery", "deliveries_per_second", "delivery_p99_us");
  static final List<String> HTTP_KEYS =
      List.of("server_cpu_us_per_request", "requests_per_second", "acknowledgement_p99_us");
  static final List<String> CONNECT_KEYS =
      List.of("server_cpu_us_per_cycle", "cycles_per_second", "subscription_p99_us");
  static final List<String> PINGPONG_KEYS =
      List.of("server_cpu_us_per_relay", "relays_per_second", "round_trip_p99_us");
  static final List<String> IDLE_KEYS =
      List.of("rss_bytes_per_connection", "heap_bytes_per_connection");

  private static final String CPU = "server_cpu_us_per_delivery";
  private static final String P50 = "delivery_p50_us";
  private static final String P99 = "delivery_p99_us";

  private static final List<Row> FANFARE =
      List.of(
          fanout(
              "--subscribers 1000 --publishers 4",
              Goal.atMost(CPU, 0.25),
              Goal.atLeast("deliveries_per_second", 4_000_000),
              Goal.atMost(P99, 12_000),
              Goal.timesLess(CPU, 35)),
          fanout("--subscribers 1000 --publishers 1", Goal.atMost(CPU, 4.8)),
          fanout("--subscribers 1000 --publishers 16", Goal.atMost(CPU, 0.15)),
          fanout("--subscribers 1000 --publishers 4 --size 1024", Goal.atMost(CPU, 0.5)),
          fanout(
              "--subscribers 10000 --channels 100 --publishers 4",
              Goal.atMost(CPU, 6.7),
              Goal.atMost(P99, 8_000)),
          row(
              "fanout --subscribers 1000 --publishers 4 --rate 20",
              List.of(CPU, P50, P99),
              Goal.atMost(CPU, 6),
              Goal.atMost(P50, 3_100),
              Goal.atMost(P99, 7_600)),
          row(
              "fanout --subscribers 1000 --publishers 4 --rate 200",
              List.of(CPU, "events_per_second", P99),
              Goal.atLeast("events_per_second", 196),
              Goal.atMost(P99, 13_000)),
          row("http --publishers 16", HTTP_KEYS, Goal.atMost("server_cpu_us_per_request", 12)),
          row("connect --connections 50", CONNECT_KEYS, Goal.atMost("server_cpu_us_per_cycle", 62)),
          row(
              "pingpong --connections 100",
              PINGPONG_KEYS,
              Goal.atMost("server_cpu_us_per_relay", 8)),
          new Row(
              "idle --connections 10000 --channels 100",
              IDLE_KEYS,
              List.of(
                  Goal.atMost("rss_bytes_per_connection", 2_500),
                  Goal.atMost("heap_bytes_per_connection", 1_500))));

  private TargetTable() {}

  /// All rows, in the order of the table.
  public static List<Row> fanfare() {
    return FANFARE;
  }

  private static Row fanout(String options, Goal... goals) {
    return row("fanout " + options, FANOUT_KEYS, goals);
  }

  /// The warm-up is long enough for a JVM to compile.
  private static Row row(String command, List<String> keys, Goal... goals) {
    return new Row(command + " --warmup 8", keys, List.of(goals));
  }
}
