package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.Traffic.Count;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a lane counts.
final class LaneTallyTest {

  private final LaneTally tally = new LaneTally();

  @Test
  void appsAndCountsAreSeparate() {
    for (Count count : Count.values()) {
      tally.traffic("1").add(count, count.name().length());
      tally.traffic("2").add(count, 1);
    }
    tally.traffic("1").add(Count.BYTES_SENT, 1L << 40);
    for (Count count : Count.values()) {
      long more = count == Count.BYTES_SENT ? 1L << 40 : 0;
      assertThat(tally.count("1", count)).as(count.name()).isEqualTo(count.name().length() + more);
      assertThat(tally.count("2", count)).isEqualTo(1);
      assertThat(tally.count("3", count)).as("an app without traffic").isZero();
    }
  }

  @Test
  void clientMessagesHaveSevenKinds() {
    assertThat(Traffic.RECEIVED)
        .containsExactly(
            Count.PING,
            Count.PONG,
            Count.SUBSCRIBE,
            Count.UNSUBSCRIBE,
            Count.CLIENT_EVENT,
            Count.SIGN_IN,
            Count.MALFORMED);
  }

  @Test
  void aDurationFallsIntoTheFirstBucketThatHoldsIt() {
    Latency latency = tally.latency();
    latency.record(0);
    latency.record(TimeUnit.MICROSECONDS.toNanos(100));
    latency.record(TimeUnit.MICROSECONDS.toNanos(100) + 1);
    latency.record(TimeUnit.HOURS.toNanos(1));
    assertThat(latency.count(0)).isEqualTo(2);
    assertThat(latency.count(1)).isEqualTo(1);
    assertThat(latency.count(Latency.BUCKETS - 1)).isEqualTo(1);
    assertThat(latency.sumNs()).isEqualTo(200_001 + TimeUnit.HOURS.toNanos(1));
    assertThat(Latency.boundSeconds(0)).isEqualTo(0.0001);
    assertThat(Latency.boundSeconds(Latency.BUCKETS - 1)).isInfinite();
  }

  @Test
  void aClockThatJumpsLowersNoCount() {
    tally.latency().record(-5);
    assertThat(tally.latency().count(0)).isEqualTo(1);
    assertThat(tally.latency().sumNs()).isZero();
  }
}
