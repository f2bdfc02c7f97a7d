package dev.fanfare.cluster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Many simulated clusters. `-Dsim.seeds=N` runs more of them, `-Dsim.seed=S -Dsim.trace` one with
/// all that happened in it.
final class SimulationTest {

  private static final int VERSIONED_RUNS = 4;

  private static final int SEEDS = Integer.getInteger("sim.seeds", 0);
  private static final long FIRST = Long.getLong("sim.seed", 1);
  private static final boolean IS_TRACED = Boolean.getBoolean("sim.trace");

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void everyNodeAndClientAgreesInTheEnd(Scenario scenario) {
    int runs = IS_TRACED ? 1 : SEEDS > 0 ? SEEDS : scenario.seeds();
    List<String> failures = new ArrayList<>();
    long start = System.nanoTime();
    long datagrams = 0;
    long simulated = 0;
    int publishes = 0;
    for (long seed = FIRST; seed < FIRST + runs; seed++) {
      Simulation simulation = new Simulation(scenario, Defect.NONE, seed, IS_TRACED);
      List<String> violations = simulation.run();
      if (!violations.isEmpty()) {
        failures.add(scenario + ", seed " + seed + ": " + violations);
      }
      simulation.world().trace().forEach(System.out::println);
      datagrams += simulation.engine().datagrams();
      simulated += simulation.simulatedMs();
      publishes += simulation.published().size();
    }
    if (Boolean.getBoolean("sim.figures")) {
      System.out.printf(
          "%s: %d runs, %.1f hours in %.1f s, %d datagrams, %d publishes, %d bad%n",
          scenario,
          runs,
          simulated / 3.6e6,
          (System.nanoTime() - start) / 1e9,
          datagrams,
          publishes,
          failures.size());
    }
    assertThat(failures).isEmpty();
  }

  /// Runs that were wrong once.
  @ParameterizedTest
  @CsvSource({
    "FAULTS, 3301",
    "KILLS, 141",
    "KILLS, 180",
    "KILLS, 264",
    "LONG_OUTAGES, 44",
    "LONG_OUTAGES, 1236",
    "LONG_OUTAGES, 1285",
    "ROLLING, 289",
    "ROLLING, 1206",
    "TIGHT, 1260",
    "TIGHT, 1477",
    "TIGHT, 3301",
    "TIGHT, 3373"
  })
  void theseAgreeToo(Scenario scenario, long seed) {
    assertThat(new Simulation(scenario, Defect.NONE, seed, false).run()).isEmpty();
  }

  /// A rolling upgrade: nodes of two versions side by side.
  @ParameterizedTest
  @EnumSource(names = {"CALM", "FAULTS", "ROLLING"})
  void nodesOfANewerVersionAgreeWithOlderOnes(Scenario scenario) {
    for (long seed = FIRST; seed < FIRST + VERSIONED_RUNS; seed++) {
      assertThat(new Simulation(scenario, Defect.NEWER_VERSION, seed, false).run())
          .as("%s, seed %d", scenario, seed)
          .isEmpty();
    }
  }
}
