package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.cluster.MeshListener.Loss;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How many evicted events a node has missed.
final class EvictedTest {

  private static final int SLOT = 3;
  private static final long RUN_NS = Evicted.RUN_NS;

  private final Evicted evicted = new Evicted();

  private void add(String channel, long atNs, int... given) {
    BitSet slots = new BitSet();
    for (int slot : given) {
      slots.set(slot);
    }
    evicted.add("1", channel, Loss.BYTES, atNs, slots);
  }

  private long take(String channel, long sinceNs) {
    return take("1", channel, sinceNs).values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<Loss, Long> take(String app, String channel, long sinceNs) {
    Map<Loss, Long> taken = new EnumMap<>(Loss.class);
    evicted.take(
        app, channel, sinceNs, SLOT, (reason, events) -> taken.merge(reason, events, Long::sum));
    return taken;
  }

  @Test
  void thoseOfTheChannelSinceThenOnce() {
    add("c", 0);
    add("c", 2 * RUN_NS, SLOT + 1);
    add("d", 2 * RUN_NS);
    add("c", 2 * RUN_NS + 1, SLOT + 1);
    add("c", 4 * RUN_NS);
    assertThat(take("2", "c", 0)).isEmpty();
    assertThat(take("c", 5 * RUN_NS)).isZero();
    assertThat(take("c", 2 * RUN_NS)).isEqualTo(3);
    assertThat(take("c", 0)).as("counted").isZero();
    assertThat(take("d", 0)).isEqualTo(1);
    evicted.forget(SLOT);
    assertThat(take("c", 0)).as("another node").isEqualTo(4);
  }

  @Test
  void noneThatIsOlderThanOneThatTheNodeHasGot() {
    add("c", 10);
    add("c", 20, SLOT);
    add("c", 30);
    assertThat(take("c", 0)).isEqualTo(1);
  }

  @Test
  void byReason() {
    evicted.add("1", "c", Loss.OUTAGE, 10, new BitSet());
    evicted.add("1", "c", Loss.OUTAGE, 20, new BitSet());
    evicted.add("1", "c", Loss.BYTES, 30, new BitSet());
    assertThat(take("1", "c", 0)).isEqualTo(Map.of(Loss.OUTAGE, 2L, Loss.BYTES, 1L));
  }

  @Test
  void theyExpire() {
    add("c", 0);
    add("c", 2 * RUN_NS);
    evicted.expire(1);
    assertThat(evicted.runs()).isEqualTo(1);
    assertThat(take("c", 0)).isEqualTo(1);
    evicted.expire(3 * RUN_NS);
    assertThat(evicted.runs()).isZero();
  }

  @Test
  void whatIsNotKnownAnyMoreCountsAsOne() {
    for (int i = 0; i <= Evicted.MAX_RUNS; i++) {
      add("c" + i, i);
    }
    assertThat(evicted.runs()).isEqualTo(Evicted.MAX_RUNS);
    assertThat(take("c0", 0)).isEqualTo(1);
    assertThat(take("c0", 1)).isZero();
    evicted.expire(1);
    assertThat(take("c0", 0)).isZero();
  }
}
