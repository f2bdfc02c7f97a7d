package dev.fanfare.doctor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.EngineTraits;
import dev.fanfare.doctor.report.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuitabilityTest {

  @ParameterizedTest
  @CsvSource({"Redis,6.2.14,7.0", "Redis,5.0.3,7.0", "NATS,2.8.4,2.9"})
  void oldVersionsAreWarnedOf(String product, String version, String oldest) {
    assertThat(Suitability.of(new EngineTraits(product, version, "")))
        .isEqualTo(
            new Outcome.Warned(
                product
                    + " "
                    + version
                    + ", older than "
                    + oldest
                    + ", the oldest version that is tested",
                "Use a newer version."));
  }

  @ParameterizedTest
  @CsvSource({
    "Redis,7.0.15",
    "Redis,8.2",
    "Redis,10.0.1",
    "Valkey,8.1.1",
    "NATS,2.10.4",
    "NATS,3.0.0",
    "Other,0.1"
  })
  void newVersionsAreNot(String product, String version) {
    assertThat(Suitability.of(new EngineTraits(product, version, "")))
        .isEqualTo(new Outcome.Passed(product + " " + version));
  }

  @Test
  void anOldVersionWithASmallBufferHasTwoRemedies() {
    assertThat(Suitability.of(new EngineTraits("Redis", "6.0.1", "33554432 0 0")))
        .isEqualTo(
            new Outcome.Warned(
                "Redis 6.0.1, older than 7.0, the oldest version that is tested; subscribers may"
                    + " have 32 MiB unsent",
                "Use a newer version."));
    assertThat(Suitability.of(new EngineTraits("Redis", "6.0.1", "33554432 8388608 59")))
        .isInstanceOfSatisfying(
            Outcome.Warned.class,
            warned ->
                assertThat(warned.remedy())
                    .startsWith("Use a newer version. CONFIG SET client-output-buffer-limit"));
  }

  @Test
  void whatMayNotBeReadIsSkipped() {
    assertThat(Suitability.of(null)).isInstanceOf(Outcome.Skipped.class);
    assertThat(Suitability.of(new EngineTraits("Redis", "", "")))
        .isInstanceOf(Outcome.Skipped.class);
  }
}
