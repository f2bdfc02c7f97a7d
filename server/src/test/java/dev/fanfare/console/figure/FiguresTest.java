package dev.fanfare.console.figure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Apps;
import dev.fanfare.app.Secret;
import dev.fanfare.budget.Share;
import dev.fanfare.console.row.Moments;
import dev.fanfare.observe.Latency;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The figures of each second, while the test holds the clock.
final class FiguresTest {

  private static final App APP = TestNode.APP;
  private static final App OTHER =
      new App("2", "other-key", new Secret("other-secret"), AppOptions.DEFAULTS, Limits.HOSTED);

  /// What a node counts, in the test's hands: the other app has ten times as much.
  private static final class Fake implements Tallies {
    private long publishes = 1_000;
    private long deliveries = 50_000;
    private long refusals = 7;
    private int connections = 2;
    private long lagNs;
    private final long[] latencies = new long[Latency.BUCKETS];

    private static int times(App app) {
      return app.equals(APP) ? 1 : 10;
    }

    @Override
    public int connections(App app) {
      return times(app) * connections;
    }

    @Override
    public long publishes(App app) {
      return times(app) * publishes;
    }

    @Override
    public long deliveries(App app) {
      return times(app) * deliveries;
    }

    @Override
    public long refusals(App app) {
      return times(app) * refusals;
    }

    @Override
    public long latencies(int bucket) {
      return latencies[bucket];
    }

    @Override
    public long lagNs() {
      return lagNs;
    }
  }

  private final ManualClock clock = new ManualClock();
  private final Fake counts = new Fake();
  private final Apps apps = TestNode.apps(APP, OTHER);
  private final Share share = new Share("console", "", 1 << 20);
  private final Figures figures = figures(share);

  private Figures figures(Share of) {
    return new Figures(apps, counts, of, new Moments(clock, clock::instant));
  }

  private Scope all() {
    return Scope.of(apps, _ -> true);
  }

  private Scope first() {
    return Scope.of(apps, APP::equals);
  }

  private String json(Scope scope) {
    return SeriesJson.columns(figures.since(0, scope), scope.isWhole());
  }

  private void second() {
    clock.advance(Duration.ofSeconds(1));
    figures.tick();
  }

  @Test
  void aRowIsWhatHappenedInASecond() {
    figures.start();
    counts.latencies[1] = 100;
    counts.publishes += 3;
    counts.deliveries += 4;
    counts.refusals += 1;
    counts.lagNs = TimeUnit.MICROSECONDS.toNanos(7);
    second();
    counts.connections = 5;
    counts.lagNs = 0;
    second();
    assertThat(json(all()))
        .isEqualTo(
            "{\"t\":[1767225601000,1767225602000],\"connections\":[22,55],\"publishes\":[33,0],"
                + "\"refusals\":[11,0],\"deliveries\":[44,0],\"p50_us\":[175,null],"
                + "\"p99_us\":[249,null],\"lag_us\":[7,0]}");
    assertThat(json(first()))
        .isEqualTo(
            "{\"t\":[1767225601000,1767225602000],\"connections\":[2,5],\"publishes\":[3,0],"
                + "\"refusals\":[1,0]}");
  }

  @Test
  void whoSeesNoAppSeesNothing() {
    figures.start();
    second();
    assertThat(json(Scope.of(apps, _ -> false)))
        .isEqualTo(
            "{\"t\":[1767225601000],\"connections\":[0],\"publishes\":[0],\"refusals\":[0]}");
  }

  @Test
  void theLastQuarterOfAnHourIsKept() {
    figures.start();
    for (int i = 1; i <= Figures.ROWS + 5; i++) {
      counts.publishes += i;
      second();
    }
    List<Second> rows = figures.since(0, first());
    assertThat(rows).hasSize(Figures.ROWS);
    assertThat(rows.getFirst()).isEqualTo(new Second(1767225606000L, 2, 6, 0, null));
    assertThat(rows.getLast()).isEqualTo(new Second(1767226505000L, 2, 905, 0, null));
    assertThat(figures.since(1767226503000L, first()))
        .extracting(Second::publishes)
        .containsExactly(904L, 905L);
    assertThat(figures.since(1767226505000L, first())).isEmpty();
    assertThat(figures.last(first())).isEqualTo(rows.getLast());
    assertThat(figures.rows()).isEqualTo(905);
  }

  @Test
  void aLateRowHasRatesAndLosesNothing() {
    figures.start();
    counts.publishes += 300;
    counts.refusals += 300;
    clock.advance(Duration.ofSeconds(3));
    figures.tick();
    counts.publishes += 1;
    clock.advance(Duration.ofSeconds(3));
    figures.tick();
    assertThat(figures.since(0, first())).extracting(Second::publishes).containsExactly(100L, 1L);
    assertThat(figures.since(0, first())).extracting(Second::refusals).containsExactly(300L, 0L);
  }

  @Test
  void memoryIsCounted() {
    figures.start();
    second();
    assertThat(share.used()).isEqualTo(Figures.NODE_BYTES + 2 * Figures.APP_BYTES);
    figures.retain(Set.of(OTHER.id()));
    assertThat(share.used()).isEqualTo(Figures.NODE_BYTES + Figures.APP_BYTES);
    assertThat(Figures.NODE_BYTES).isEqualTo(36_000);
    assertThat(Figures.APP_BYTES).isEqualTo(10_800);
  }

  /// Then only the node has figures, and these are right.
  @Test
  void withoutMemoryAppsHaveNoFigures() {
    Share none = new Share("console", "", 0);
    Figures poor = figures(none);
    poor.start();
    counts.publishes += 3;
    clock.advance(Duration.ofSeconds(1));
    poor.tick();
    assertThat(poor.since(0, first())).extracting(Second::publishes).containsExactly(0L);
    assertThat(poor.since(0, all())).extracting(Second::publishes).containsExactly(33L);
  }

  @Test
  void aStreamIsPassedEachRowOnce() {
    figures.start();
    second();
    SeriesFeed feed = new SeriesFeed(figures, this::all);
    assertThat(feed.next()).isEmpty();
    second();
    second();
    assertThat(feed.next())
        .isEqualTo(
            "{\"t\":1767225603000,\"connections\":22,\"publishes\":0,\"refusals\":0,"
                + "\"deliveries\":0,\"p50_us\":null,\"p99_us\":null,\"lag_us\":0}");
    assertThat(feed.next()).isEmpty();
  }

  @Test
  void percentilesAreWithinTheirBuckets() {
    long[] counts = new long[Latency.BUCKETS];
    assertThat(Percentiles.of(counts, 0.5)).isEqualTo(Percentiles.NONE);
    counts[0] = 1;
    assertThat(Percentiles.of(counts, 0.99)).isEqualTo(100);
    counts[0] = 98;
    counts[3] = 2; // 500 to 1,000
    assertThat(Percentiles.of(counts, 0.5)).isEqualTo(51);
    assertThat(Percentiles.of(counts, 0.99)).isEqualTo(750);
    counts[3] = 0;
    counts[Latency.BUCKETS - 1] = 300;
    assertThat(Percentiles.of(counts, 0.99)).isEqualTo(10_000_000);
  }
}
