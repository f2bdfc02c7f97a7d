package dev.fanfare.loadtest.scenario;

import java.util.List;

/// All scenarios, with the defaults of their options.
public final class Catalog {

  private static final List<ScenarioKind> KINDS =
      List.of(
          ScenarioKind.of(
              "fanout",
              "Publishes events to many subscribers and checks every delivery.",
              FanoutScenario::new,
              "--connections 1000 --publishers 4"));

  private Catalog() {}

  public static List<ScenarioKind> kinds() {
    return KINDS;
  }
}
