package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.app.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Look-ups over a table in memory, with a clock that is held.
final class DirectoryTest extends WithDirectory {

  private static final Lookup.Failed AWAY = new Lookup.Failed("the database does not answer");

  @Test
  void anAppIsAskedForOnceAndThenInMemory() {
    table.put("1", "a", "secret");
    turn();
    CompletableFuture<Lookup.Settled> first = asked(directory.byKey("a"));
    CompletableFuture<Lookup.Settled> second = asked(directory.byKey("a"));
    CompletableFuture<Lookup.Settled> byId = asked(directory.byId("1"));
    int before = table.asked.size();
    turnAfter(Duration.ofSeconds(1));
    assertThat(first.join()).isInstanceOf(LiveApp.class).isSameAs(second.join());
    assertThat(byId.join()).isSameAs(first.join());
    assertThat(table.asked).hasSize(before + 1);
    assertThat(directory.byKey("a")).isSameAs(first.join());
    assertThat(table.asked).hasSize(before + 1);
  }

  @Test
  void anUnknownNameIsRememberedBriefly() {
    turn();
    assertThat(byKey("none")).isEqualTo(Lookup.Unknown.UNKNOWN);
    int before = table.asked.size();
    table.put("1", "none", "secret");
    clock.advance(Duration.ofSeconds(2));
    assertThat(directory.byKey("none")).isEqualTo(Lookup.Unknown.UNKNOWN);
    turn();
    assertThat(table.asked).hasSize(before);
    clock.advance(Duration.ofSeconds(2));
    assertThat(byKey("none")).isInstanceOf(LiveApp.class);
  }

  /// 10,000 look-ups per second, each of another name, for ten seconds.
  @Test
  void aFloodOfUnknownNamesCostsAFewQueriesPerSecond() {
    table.put("1", "a", "secret");
    turn();
    assertThat(byKey("a")).isInstanceOf(LiveApp.class);
    int before = table.asked.size();
    List<CompletableFuture<Lookup.Settled>> all = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      all.add(asked(directory.byKey("unknown-" + i)));
      if (i % 10 == 0) {
        turnAfter(Duration.ofMillis(1));
      }
    }
    turnAfter(Duration.ofSeconds(1));
    assertThat(table.asked.size() - before).isLessThanOrEqualTo(100);
    assertThat(table.asked).allMatch(names -> names <= Directory.MAX_ASKED + 2);
    assertThat(all).allMatch(CompletableFuture::isDone);
    assertThat(directory.byKey("a")).isInstanceOf(LiveApp.class);
  }

  @Test
  void moreThanMayWaitAreRefusedAtOnce() {
    turn();
    for (int i = 0; i < Answers.MAX_WAITING; i++) {
      assertThat(directory.byKey("unknown-" + i)).isInstanceOf(Lookup.Later.class);
    }
    assertThat(directory.byKey("one-more"))
        .isEqualTo(new Lookup.Failed("too many unknown apps are being looked up"));
  }

  @Test
  void changesAreAppliedWithinFiveSecondsAndOneQuery() {
    table.put("1", "a", "secret");
    table.put("2", "b", "secret");
    turn();
    LiveApp first = (LiveApp) byKey("a");
    LiveApp second = (LiveApp) byKey("b");
    table.put("1", "a", "another");
    table.rows.remove("2");
    int before = table.asked.size();
    turnAfter(Duration.ofSeconds(5));
    assertThat(table.asked).hasSize(before + 1);
    assertThat(first.current().secret()).isEqualTo(new Secret("another"));
    assertThat(second.isRemoved()).isTrue();
    assertThat(byKey("b")).isEqualTo(Lookup.Unknown.UNKNOWN);
  }

  @Test
  void whatIsSaidToHaveChangedIsReadSoon() {
    table.put("1", "a", "secret");
    turn();
    LiveApp first = (LiveApp) byKey("a");
    assertThat(byKey("b")).isEqualTo(Lookup.Unknown.UNKNOWN);
    table.put("1", "a", "another");
    table.put("2", "b", "secret");
    int before = table.asked.size();
    CompletableFuture<Void> one = directory.changed();
    CompletableFuture<Void> two = directory.changed();
    turnAfter(Duration.ofNanos(Directory.CHANGE_NS));
    assertThat(List.of(one, two)).allMatch(CompletableFuture::isDone);
    assertThat(table.asked).hasSize(before + 1);
    assertThat(first.current().secret()).isEqualTo(new Secret("another"));
    assertThat(byKey("b")).isInstanceOf(LiveApp.class);
  }

  @Test
  void nothingIsAppliedIfNothingHasChanged() {
    table.put("1", "a", "secret");
    turn();
    byKey("a");
    int before = applied.size();
    for (int i = 0; i < 10; i++) {
      turnAfter(Duration.ofSeconds(5));
    }
    assertThat(applied).hasSize(before);
  }

  @Test
  void ofTwoRowsWithOneKeyTheLowerIdCounts() {
    table.put("10", "a", "ten");
    table.put("9", "a", "nine");
    turn();
    assertThat(((LiveApp) byKey("a")).id()).isEqualTo("9");
    assertThat(byId("10"))
        .isEqualTo(
            new Lookup.Failed(
                "its row in the database is not used: its key is that of app 9, whose id is"
                    + " lower"));
    table.put("8", "a", "eight");
    turnAfter(Duration.ofSeconds(5));
    assertThat(((LiveApp) directory.byKey("a")).id()).isEqualTo("8");
  }

  @Test
  void aKeyThatMovesToAnotherAppIsThatApps() {
    table.put("1", "a", "secret");
    turn();
    LiveApp first = (LiveApp) byKey("a");
    table.put("1", "b", "secret");
    table.put("2", "a", "secret");
    assertThat(byId("2")).isInstanceOf(LiveApp.class);
    assertThat(first.isRemoved()).isFalse();
    assertThat(first.current().key()).isEqualTo("b");
    assertThat(((LiveApp) directory.byKey("a")).id()).isEqualTo("2");
    assertThat(directory.byKey("b")).isSameAs(first);
  }

  @Test
  void anInvalidRowIsRefusedAndAnAppInMemoryKeepsWhatItHad() {
    table.put("1", "a", "secret");
    table.put("2", "b", "");
    turn();
    LiveApp first = (LiveApp) byKey("a");
    Lookup.Failed invalid =
        new Lookup.Failed("its row in the database is not used: secret is missing");
    assertThat(byKey("b")).isEqualTo(invalid);
    assertThat(byId("2")).isEqualTo(invalid);
    table.put("1", "a", "");
    turnAfter(Duration.ofSeconds(5));
    assertThat(first.isRemoved()).isFalse();
    assertThat(directory.byKey("a")).isSameAs(first);
    assertThat(first.current().secret()).isEqualTo(new Secret("secret"));
  }

  @Test
  void withTheDatabaseAwayKnownAppsWorkAndOthersAreRefusedAtOnce() {
    table.put("1", "a", "secret");
    table.put("2", "b", "secret");
    turn();
    LiveApp first = (LiveApp) byKey("a");
    table.isAway = true;
    assertThat(byKey("b")).isEqualTo(AWAY);
    assertThat(directory.byKey("c")).isEqualTo(AWAY);
    assertThat(directory.byKey("a")).isSameAs(first);
    assertThat(directory.state().isReachable()).isFalse();
    turnAfter(Duration.ofSeconds(60));
    assertThat(first.isRemoved()).isFalse();
    table.isAway = false;
    turnAfter(Duration.ofSeconds(1));
    assertThat(byKey("b")).isInstanceOf(LiveApp.class);
    assertThat(reports).startsWith("here", "away").endsWith("here");
  }

  @Test
  void aDatabaseThatIsAwayIsAskedOncePerSecond() {
    table.isAway = true;
    turn();
    assertThat(reports).containsExactly("never");
    for (int i = 0; i < 100; i++) {
      assertThat(directory.byKey("a")).isEqualTo(AWAY);
      turnAfter(Duration.ofMillis(100));
    }
    assertThat(table.asked.size()).isBetween(10, 12);
  }

  @Test
  void idleAppsAreEvicted() {
    table.put("1", "a", "secret");
    table.put("2", "b", "secret");
    turn();
    byKey("a");
    LiveApp second = (LiveApp) byKey("b");
    inUse.add("2");
    for (int i = 0; i < 130; i++) {
      turnAfter(Duration.ofSeconds(5));
    }
    assertThat(apps.known()).extracting(App::id).containsExactly("2");
    assertThat(second.isRemoved()).isFalse();
    assertThat(byKey("a")).isInstanceOf(LiveApp.class);
  }

  @Test
  void thereAreNeverMoreAppsThanAllowed() {
    Directory small = directory(3);
    for (int i = 1; i <= 5; i++) {
      table.put(String.valueOf(i), "k" + i, "secret");
    }
    long _ = small.turn();
    for (int i = 1; i <= 5; i++) {
      CompletableFuture<Lookup.Settled> answer = asked(small.byKey("k" + i));
      clock.advance(Duration.ofMillis(200));
      long _ = small.turn();
      assertThat(answer.join().getClass()).isEqualTo(i <= 3 ? LiveApp.class : Lookup.Failed.class);
    }
    clock.advance(Duration.ofMinutes(2));
    assertThat(small.byKey("k1")).isInstanceOf(LiveApp.class);
    long _ = small.turn();
    clock.advance(Duration.ofMinutes(2));
    assertThat(small.byKey("k1")).isInstanceOf(LiveApp.class);
    CompletableFuture<Lookup.Settled> answer = asked(small.byKey("k5"));
    long _ = small.turn();
    long _ = small.turn();
    assertThat(answer.join()).isInstanceOf(LiveApp.class);
    assertThat(apps.known()).hasSize(3).extracting(App::id).contains("1", "5");
  }

  @Test
  void whoWaitsDuringAQueryIsAnsweredByTheNextOne() {
    turn();
    List<CompletableFuture<Lookup.Settled>> late = new ArrayList<>();
    CompletableFuture<Lookup.Settled> first = asked(directory.byKey("x"));
    table.meanwhile =
        () -> {
          table.put("1", "y", "secret");
          late.add(asked(directory.byKey("y")));
          table.meanwhile = null;
        };
    turnAfter(Duration.ofSeconds(1));
    assertThat(first.join()).isEqualTo(Lookup.Unknown.UNKNOWN);
    turnAfter(Duration.ofSeconds(1));
    assertThat(late).hasSize(1);
    assertThat(late.getFirst().join()).isInstanceOf(LiveApp.class);
  }

  @Test
  void theEndAnswersWhatWaits() {
    turn();
    CompletableFuture<Lookup.Settled> waits = asked(directory.byKey("a"));
    directory.close();
    assertThat(waits.join()).isEqualTo(new Lookup.Failed("the server is shutting down"));
    assertThat(directory.byKey("b")).isInstanceOf(Lookup.Failed.class);
  }

  /// Rows come, change and go, the database is away at times; in the end memory agrees with it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void inTheEndMemoryIsTheTable(long seed) {
    Random random = new Random(seed);
    List<CompletableFuture<Lookup.Settled>> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String id = String.valueOf(1 + random.nextInt(30));
      switch (random.nextInt(8)) {
        case 0 -> table.rows.remove(id);
        case 1, 2 -> table.put(id, "k" + random.nextInt(25), random.nextInt(9) == 0 ? "" : "s" + i);
        case 3 -> table.isAway = random.nextInt(4) == 0;
        case 4 -> all.add(asked(directory.byId(id)));
        default -> all.add(asked(directory.byKey("k" + random.nextInt(30))));
      }
      turnAfter(Duration.ofMillis(random.nextInt(400)));
      Set<String> keys = new HashSet<>();
      apps.known().forEach(app -> assertThat(keys.add(app.key())).isTrue());
    }
    table.isAway = false;
    turnAfter(Duration.ofSeconds(10));
    turnAfter(Duration.ofSeconds(10));
    assertThat(all).allMatch(CompletableFuture::isDone);
    for (AppRow row : table.rows.values()) {
      AppRow first =
          table.rows.values().stream()
              .filter(other -> other.key().equals(row.key()))
              .reduce((a, b) -> a.precedes(b) ? a : b)
              .orElseThrow();
      boolean isValid = !row.columns().getOrDefault("secret", "").isEmpty();
      if (first.equals(row) && isValid) {
        App app = ((LiveApp) byId(row.id())).current();
        assertThat(app.key()).isEqualTo(row.key());
        assertThat(app.secret()).isEqualTo(new Secret(String.valueOf(row.get("secret"))));
      } else if (!first.equals(row)) {
        assertThat(byId(row.id())).isInstanceOf(Lookup.Failed.class);
      }
    }
  }
}
