package dev.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.auth.ReplayCache.Outcome;
import org.junit.jupiter.api.Test;

/// How long used signatures are kept, and which are dropped when there are too many.
final class ReplayCacheTest {

  private static final long WINDOW = 600;
  private static final Outcome NEW = new Outcome(true, 0);
  private static final Outcome USED = new Outcome(false, 0);

  private static String signature(long number) {
    return String.format("%016x", number * 0x9e37_79b9_7f4a_7c15L) + "0".repeat(48);
  }

  @Test
  void aSignatureIsNewOnlyOnce() {
    ReplayCache cache = new ReplayCache(10);
    assertThat(cache.use(signature(-1), 1_000, 1_000)).isEqualTo(NEW);
    assertThat(cache.use(signature(-1), 1_000, 1_000)).isEqualTo(USED);
    assertThat(cache.use(signature(2), 1_000, 1_000)).isEqualTo(NEW);
  }

  /// For every position of a request within its generation, and for both ends of the window of
  /// valid timestamps, while other requests of every age keep arriving.
  @Test
  void aSignatureIsKeptAsLongAsItsTimestampIsValid() {
    for (long offset = 0; offset < 2 * WINDOW; offset += 7) {
      ReplayCache cache = new ReplayCache(1_000_000);
      long timestamp = 120_000 + offset;
      long others = 1_000;
      assertThat(cache.use(signature(1), timestamp, timestamp - WINDOW + 1)).isEqualTo(NEW);
      for (long now = timestamp - WINDOW + 1; now < timestamp + WINDOW; now += 13) {
        for (long skew = 1 - WINDOW; skew < WINDOW; skew += WINDOW - 1) {
          assertThat(cache.use(signature(others++), now + skew, now)).isEqualTo(NEW);
        }
        assertThat(cache.use(signature(1), timestamp, now)).isEqualTo(USED);
      }
    }
  }

  @Test
  void expiredSignaturesAreDropped() {
    ReplayCache cache = new ReplayCache(1_000);
    for (long now = 0; now < 100_000; now += 10) {
      assertThat(cache.use(signature(now), now, now)).isEqualTo(NEW);
      assertThat(cache.size()).isLessThanOrEqualTo(240);
    }
  }

  @Test
  void aFullCacheDropsItsOlderHalfAndCountsIt() {
    ReplayCache cache = new ReplayCache(100);
    for (long i = 0; i < 200; i++) {
      assertThat(cache.use(signature(i), 5_000, 5_000)).isEqualTo(NEW);
    }
    assertThat(cache.use(signature(200), 5_000, 5_000)).isEqualTo(new Outcome(true, 100));
    assertThat(cache.size()).isEqualTo(101);
    assertThat(cache.use(signature(199), 5_000, 5_000)).isEqualTo(USED);
    assertThat(cache.use(signature(99), 5_000, 5_000)).isEqualTo(NEW);
  }
}
