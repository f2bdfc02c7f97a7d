package dev.fanfare.loadtest.scenario;

import java.util.List;

/// All scenarios, with the defaults of their options.
public final class Catalog {

  private static final List<ScenarioKind> KINDS =
      List.of(
          ScenarioKind.of(
              "connect",
              "Connects, subscribes and closes, again and again: the price of a visitor.",
              ConnectScenario::new,
              "--connections 50"),
          ScenarioKind.of(
              "idle",
              "Holds connections that say nothing: memory and processor time of each.",
              IdleScenario::new,
              "--connections 10000 --channels 100"),
          ScenarioKind.of(
              "fanout",
              "Publishes events to many subscribers and checks every delivery.",
              FanoutScenario::new,
              "--connections 1000 --publishers 4"),
          ScenarioKind.of(
              "presence",
              "Joins and leaves rooms full of members; each member must notice each change.",
              PresenceScenario::new,
              "--connections 900 --channels 10 --publishers 4"),
          ScenarioKind.of(
              "pingpong",
              "Sends client events there and back between pairs of clients.",
              PingPongScenario::new,
              "--connections 100"),
          ScenarioKind.of(
              "http",
              "Publishes signed events that nobody listens to: the price of a request.",
              HttpScenario::new,
              "--connections 1 --publishers 16"),
          ScenarioKind.of(
              "churn",
              "Does a random mixture of everything, with witnesses who check their events.",
              ChurnScenario::new,
              "--connections 1000 --channels 50 --rate 2000 --duration 60"),
          ScenarioKind.of(
              "storm",
              "Cuts all connections at once and measures until all are back.",
              StormScenario::new,
              "--connections 5000 --channels 10"));

  private Catalog() {}

  public static List<ScenarioKind> kinds() {
    return KINDS;
  }
}
