package dev.fanfare.loadtest.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.plan.TargetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The phase that a latency belongs to, and the texts that are read.
final class SceneTest {

  private final Scene scene =
      new Scene(
          TargetBuilder.builder()
              .host("127.0.0.1")
              .port(1)
              .tls(false)
              .insecure(false)
              .appId("i")
              .key("k")
              .secret("s")
              .build(),
          new int[] {0},
          1);

  @Test
  void latenciesBelongToThePhaseInWhichTheyWereDue() {
    long earlierNs = System.nanoTime();
    scene.enter(Phase.BEFORE);
    long beforeNs = System.nanoTime();
    scene.enter(Phase.DURING);
    long duringNs = System.nanoTime();
    scene.enter(Phase.AFTER);
    assertThat(scene.phaseAt(earlierNs - 1)).isNull();
    assertThat(scene.phaseAt(beforeNs)).isEqualTo(Phase.BEFORE);
    assertThat(scene.phaseAt(duringNs)).isEqualTo(Phase.DURING);
    assertThat(scene.phaseAt(System.nanoTime())).isEqualTo(Phase.AFTER);
    scene.record(scene.ping, duringNs, duringNs + 5_000_000);
    List<Latency> taken = scene.takeLatencies();
    assertThat(taken.stream().filter(latency -> latency.count() > 0).map(Latency::name))
        .containsExactly("ping during");
    assertThat(scene.takeLatencies()).allSatisfy(latency -> assertThat(latency.count()).isZero());
  }

  @Test
  void troublesAreCountedWithTheirFirstReason() {
    scene.troubles.add("a publish failed", "one");
    scene.troubles.add("a publish failed", "two");
    assertThat(scene.troubles.take())
        .containsExactly("2 times a publish failed; first reason: one");
    assertThat(scene.troubles.take()).isEmpty();
  }

  @Test
  void seriesOfAMetricAreAddedUp() {
    MetricsText text =
        new MetricsText(
            """
            # HELP a text
            a{app="1",area="heap"} 2.0
            a{app="2"} 3.0
            ab 9.0
            b 4.0
            c NaN
            """);
    assertThat(text.sum("a")).hasValue(5);
    assertThat(text.sum("a", "area=\"heap\"")).hasValue(2);
    assertThat(text.sum("b")).hasValue(4);
    assertThat(text.sum("c")).hasValue(0);
    assertThat(text.sum("d")).isEmpty();
  }

  @Test
  void gaugesAboveTheFormerAreNamed() {
    Gauges before = Gauges.of(new MetricsText("fanfare_connections 2\nfanfare_channels 3\n"));
    Gauges after = Gauges.of(new MetricsText("fanfare_connections 1\nfanfare_channels 1003\n"));
    assertThat(after.above(before)).isEqualTo("fanfare_channels is 1,003 (3 before)");
    assertThat(before.above(before)).isEmpty();
  }

  @Test
  void memoryHeldForPeersThatHaveLeftIsNamed() {
    String held = "fanfare_memory_held_bytes{share=\"%s\"} %d\n";
    Gauges before = Gauges.of(new MetricsText(held.formatted("requests", 100)));
    Gauges slightly = Gauges.of(new MetricsText(held.formatted("requests", 1_048_676)));
    Gauges cached = Gauges.of(new MetricsText(held.formatted("caches", 9_000_000)));
    Gauges after = Gauges.of(new MetricsText(held.formatted("requests", 1_048_677)));
    assertThat(slightly.above(before)).isEmpty();
    assertThat(cached.above(before)).isEmpty();
    assertThat(after.above(before))
        .isEqualTo("fanfare_memory_held_bytes of requests is 1,048,677 (100 before)");
  }
}
