package dev.fanfare.cluster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The simulation notices what it is made for: the same runs that pass fail with a defect.
final class SabotageTest {

  @ParameterizedTest
  @CsvSource({
    "NO_RECENT_EVENTS, FAULTS, 12",
    "NO_GRACE, CALM, 4",
    "WALL_CLOCK, OUTAGES, 4",
    "CACHED_TWICE, FAULTS, 12",
  })
  void theSimulationNotices(Defect defect, Scenario scenario, int seeds) {
    assertThat(failures(Defect.NONE, scenario, seeds)).isZero();
    assertThat(failures(defect, scenario, seeds)).isPositive();
  }

  private static long failures(Defect defect, Scenario scenario, int seeds) {
    return LongStream.rangeClosed(1, seeds)
        .filter(seed -> !new Simulation(scenario, defect, seed, false).run().isEmpty())
        .count();
  }
}
