package dev.fanfare.loadtest.scenario;

import java.util.List;

/// All scenarios, with their options and defaults.
public final class Catalog {

  private static final List<ScenarioKind> KINDS =
      List.of(
          ScenarioKind.of(
              "connect",
              "Connects, subscribes and closes, repeatedly: the cost of a visitor.",
              ConnectScenario::new,
              "--connections --channels --private --rate --duration --warmup",
              "--connections 50"),
          ScenarioKind.of(
              "idle",
              "Holds idle connections: memory and CPU time of each.",
              IdleScenario::new,
              "--connections --channels --private --duration",
              "--connections 10000 --channels 100"),
          ScenarioKind.of(
              "fanout",
              "Publishes events to many subscribers and checks every delivery.",
              FanoutScenario::new,
              "--connections --channels --private --publishers --via --window --max-undelivered"
                  + " --rate --warmup-rate --size --duration --warmup --stalled --probe"
                  + " --compressed",
              "--connections 1000 --publishers 4"),
          ScenarioKind.of(
              "presence",
              "Joins and leaves full presence channels; every member must be notified of each"
                  + " change.",
              PresenceScenario::new,
              "--connections --channels --publishers --rate --duration --warmup",
              "--connections 900 --channels 10 --publishers 4"),
          ScenarioKind.of(
              "pingpong",
              "Sends client events back and forth between pairs of clients.",
              PingPongScenario::new,
              "--connections --rate --size --duration --warmup",
              "--connections 100"),
          ScenarioKind.of(
              "http",
              "Publishes signed events without subscribers: the cost of a request.",
              HttpScenario::new,
              "--publishers --window --rate --warmup-rate --size --duration --warmup",
              "--connections 1 --publishers 16"),
          ScenarioKind.of(
              "churn",
              "Mixes all operations at random while separate clients check their events.",
              ChurnScenario::new,
              "--connections --channels --rate --size --seed --duration --warmup",
              "--connections 1000 --channels 50 --rate 2000 --duration 60"),
          ScenarioKind.of(
              "storm",
              "Cuts all connections at once and measures until all are back.",
              StormScenario::new,
              "--connections --channels --private --replay --size --probe",
              "--connections 5000 --channels 10"),
          ScenarioKind.of(
              "node-loss",
              "Stops a node of a cluster while events are published on all, and counts what each"
                  + " client has lost, received twice or received late.",
              NodeLossScenario::new,
              "--connections --channels --private --publishers --rate --size --duration --signal",
              "--connections 300 --channels 10 --publishers 6 --rate 200 --duration 30"));

  private Catalog() {}

  public static List<ScenarioKind> kinds() {
    return KINDS;
  }
}
