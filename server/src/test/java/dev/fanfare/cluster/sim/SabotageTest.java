package dev.fanfare.cluster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The simulation notices what it is made for: the same runs that pass fail with a defect.
final class SabotageTest {

  @ParameterizedTest
  @CsvSource({
    "NO_RECENT_EVENTS, FAULTS, 12",
    "NO_GRACE, ROLLING, 6",
    "WALL_CLOCK, OUTAGES, 6",
    "CACHED_TWICE, FAULTS, 60",
    "NO_GENERATION_CHECK, FAULTS, 60",
    "NO_REPORTS_OF_ABSENCE, FAULTS, 12",
    "CONFIRMED_PULSES_LOST, CALM, 4",
    "PULSES_NEVER_CONFIRMED, CALM, 4",
    "HAND_OVER_LOST, ROLLING, 6",
    "NO_ADOPTION, KILLS, 6",
  })
  void theSimulationNotices(Defect defect, Scenario scenario, int seeds) {
    OptionalLong noticed =
        LongStream.rangeClosed(1, seeds)
            .filter(seed -> !run(scenario, defect, seed).isEmpty())
            .findFirst();
    assertThat(noticed).isPresent();
    assertThat(run(scenario, Defect.NONE, noticed.getAsLong())).isEmpty();
  }

  private static List<String> run(Scenario scenario, Defect defect, long seed) {
    return new Simulation(scenario, defect, seed, false).run();
  }
}
