package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DrainOptionsTest {

  @ParameterizedTest(name = "{0}/s within {1} s: after {2} ms {4} of {3}")
  @CsvSource({
    "100, 10, 0, 500, 1",
    "100, 10, 1000, 500, 101",
    "100, 10, 4000, 500, 401",
    "100, 10, 5000, 500, 500",
    "100, 10, 3600000, 500, 500",
    // Too many for the rate: the deadline decides.
    "100, 10, 5000, 18000, 9001",
    "100, 10, 10000, 18000, 18000",
    "1000, 0, 0, 18000, 18000",
    "1000, 8, 0, 0, 0"
  })
  void pace(int perSecond, int seconds, long millis, int all, int due) {
    DrainOptions options = new DrainOptions(perSecond, seconds, 0);
    assertThat(options.due(TimeUnit.MILLISECONDS.toNanos(millis), all)).isEqualTo(due);
  }
}
