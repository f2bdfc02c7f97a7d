package dev.fanfare.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The memory guard measures what is needed, and no garbage, under each collector.
final class CollectorsTest {

  private static final long MAX_BYTES = 128L << 20;

  /// For what the JVM itself holds.
  private static final long SMALL_BYTES = 20_000_000;

  @ParameterizedTest
  @CsvSource({
    "-XX:+UseSerialGC, the old generation",
    "-XX:+UseG1GC, the old generation",
    "-XX:+UseZGC, the heap"
  })
  void liveMemoryIsMeasured(String collector, String name) throws IOException {
    String[] probe =
        Programs.run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                collector,
                "-Xmx128m",
                "-Xmn32m",
                "-XX:+UseCompactObjectHeaders",
                "-cp",
                System.getProperty("java.class.path"),
                HeapProbe.class.getName())
            .strip()
            .split(";", -1);
    assertThat(probe[0]).isEqualTo(name);
    long[] bytes = Arrays.stream(probe).skip(1).mapToLong(Long::parseLong).toArray();
    long max = bytes[2];
    assertThat(max).isBetween(MAX_BYTES / 2, MAX_BYTES);
    assertThat(bytes[0])
        .isBetween((long) HeapProbe.HELD_BYTES, HeapProbe.HELD_BYTES + SMALL_BYTES)
        .isLessThan(max);
    assertThat(bytes[1]).isLessThan(SMALL_BYTES);
  }
}
