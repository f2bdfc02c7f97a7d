package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.observe.Vitals;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The thread that reads apps goes on after an `Error`, and it is noticed if it hangs. No database
/// is there.
final class LookupThreadTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final DatabaseOptions NOWHERE =
      DatabaseOptions.NONE.withKind(DatabaseOptions.Kind.POSTGRES).withPort(1);

  private final ManualClock clock = new ManualClock();
  private final AtomicInteger reports = new AtomicInteger();

  /// Fails when it is notified for the first time that the database is away, then blocks.
  private final class Obstacle implements StoredApps.Links {

    private final CountDownLatch gate = new CountDownLatch(1);

    @Override
    public void apply(List<App> apps) {}

    @Override
    public Set<String> inUse(Collection<App> apps) {
      return Set.of();
    }

    @Override
    public void away(boolean hasAnswered) {
      if (reports.incrementAndGet() == 1) {
        throw new LinkageError("on purpose");
      }
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void here() {}

    @Override
    public void loaded() {}
  }

  @Test
  void itGoesOnAfterAnErrorAndIsStuckIfItHangs() {
    AppDatabase database = new AppDatabase(NOWHERE, _ -> new Parsed.Bad<>("no row"));
    CurrentApps current = new CurrentApps(List.of(), _ -> {});
    Obstacle obstacle = new Obstacle();
    Vitals vitals = new Vitals();
    try (StoredApps stored = StoredApps.open(database, current, clock, List.of())) {
      vitals.add(stored.vital());
      stored.start(obstacle);
      await().atMost(PATIENCE).until(() -> reports.get() == 1);
      clock.advance(Duration.ofSeconds(2)); // until the next attempt
      await().atMost(PATIENCE).until(() -> reports.get() == 2);
      assertThat(vitals.problems()).isEmpty();
      clock.advance(Duration.ofSeconds(31));
      assertThat(vitals.problems())
          .containsExactly("The thread fanfare-apps has been stuck for 31 s");
      obstacle.gate.countDown();
      await().atMost(PATIENCE).until(() -> vitals.problems().isEmpty());
    }
  }
}
