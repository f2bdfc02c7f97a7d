package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.app.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A table that numbers its changes: only what has changed is read.
final class CountedTableTest extends WithDirectory {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @BeforeEach
  void count() {
    table.isCounted = true;
  }

  private LiveApp known(String id) {
    return (LiveApp) byId(id);
  }

  @Test
  void onlyWhatHasChangedIsRead() {
    for (int i = 1; i <= 50; i++) {
      table.put(String.valueOf(i), "k" + i, "secret");
    }
    turn();
    for (int i = 1; i <= 40; i++) {
      known(String.valueOf(i));
    }
    int before = table.asked.size();
    LiveApp seventh = known("7");
    table.put("7", "k7", "another");
    table.put("45", "k45", "another"); // not in memory
    turnAfter(SECOND);
    assertThat(seventh.current().secret()).isEqualTo(new Secret("another"));
    assertThat(table.followed).containsExactly("45", "7");
    for (int i = 0; i < 20; i++) {
      turnAfter(SECOND);
    }
    assertThat(table.asked).hasSize(before);
    assertThat(apps.known()).hasSize(40);
  }

  @Test
  void aDeletedAppIsNoticedByTheGapInTheNumbers() {
    table.put("1", "a", "secret");
    table.put("2", "b", "secret");
    turn();
    LiveApp first = known("1");
    LiveApp second = known("2");
    table.delete("1");
    turnAfter(SECOND);
    assertThat(first.isRemoved()).isTrue();
    assertThat(second.isRemoved()).isFalse();
  }

  @Test
  void anAppThatIsCreatedIsKnownWithinASecondThoughItWasAskedForBefore() {
    turn();
    assertThat(byKey("a")).isEqualTo(Lookup.Unknown.UNKNOWN);
    table.put("1", "a", "secret");
    turnAfter(SECOND);
    assertThat(byKey("a")).isInstanceOf(LiveApp.class);
  }

  @Test
  void whatNothingCountsIsNoticedWithinAMinute() {
    table.ignoresDeletions = true;
    table.put("1", "a", "secret");
    turn();
    LiveApp first = known("1");
    table.delete("1");
    turnAfter(SECOND);
    assertThat(first.isRemoved()).isFalse();
    turnAfter(Duration.ofNanos(Versions.ALL_NS));
    assertThat(first.isRemoved()).isTrue();
  }

  @Test
  void aTableThatWasCreatedAgainIsReadAsAWhole() {
    table.put("1", "a", "secret");
    table.put("2", "b", "secret");
    turn();
    LiveApp first = known("1");
    table.rows.clear();
    table.version = 0;
    table.put("1", "c", "secret");
    turnAfter(SECOND);
    assertThat(first.current().key()).isEqualTo("c");
  }

  @Test
  void withoutANumberAllIsReadEveryFiveSecondsUntilThereIsOne() {
    table.isMissing = true;
    table.put("1", "a", "secret");
    turn();
    LiveApp first = known("1");
    table.put("1", "a", "another");
    int versions = table.versions;
    turnAfter(Duration.ofSeconds(4));
    assertThat(first.current().secret()).isEqualTo(new Secret("secret"));
    turnAfter(SECOND);
    assertThat(first.current().secret()).isEqualTo(new Secret("another"));
    assertThat(table.versions).isEqualTo(versions);
    table.isMissing = false;
    turnAfter(Duration.ofNanos(Versions.ALL_NS));
    table.put("1", "a", "third");
    turnAfter(SECOND);
    assertThat(first.current().secret()).isEqualTo(new Secret("third"));
  }

  @Test
  void aDatabaseWithoutTheTableHasNotAnswered() {
    table.isAbsent = true;
    turn();
    turnAfter(Duration.ofNanos(Versions.ALL_NS));
    assertThat(reports).isNotEmpty().containsOnly("never");
    table.isAbsent = false;
    turnAfter(SECOND);
    assertThat(reports).endsWith("never", "here");
  }

  @Test
  void eachQueryIsCounted() {
    table.put("1", "a", "secret");
    turn();
    LiveApp _ = known("1");
    long before = directory.state().queries();
    turnAfter(SECOND);
    assertThat(directory.state().queries()).isEqualTo(before + 1);
    table.put("1", "a", "another");
    turnAfter(SECOND);
    assertThat(directory.state().queries()).isEqualTo(before + 3);
  }

  /// What is in memory differs from the table, a few turns after the last change.
  private List<String> differences(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      table.afterVersion = random.nextInt(3) == 0 ? () -> change(random) : null;
      change(random);
      table.isAway = random.nextInt(10) == 0;
      Lookup _ =
          random.nextBoolean()
              ? directory.byId(String.valueOf(random.nextInt(20)))
              : directory.byKey("k" + random.nextInt(20));
      turnAfter(Duration.ofMillis(random.nextInt(700)));
    }
    table.afterVersion = null;
    table.isAway = false;
    turnAfter(SECOND);
    turnAfter(SECOND);
    List<String> differences = new ArrayList<>();
    for (App app : apps.known()) {
      AppRow row = table.rows.get(app.id());
      if (row == null
          || !row.key().equals(app.key())
          || !new Secret(String.valueOf(row.get("secret"))).equals(app.secret())) {
        differences.add(app.id());
      }
    }
    return differences;
  }

  /// Keys are unique in this table.
  private void change(Random random) {
    String id = String.valueOf(random.nextInt(20));
    String key = "k" + random.nextInt(20);
    if (random.nextInt(3) == 0) {
      table.delete(id);
    } else if (table.rows.values().stream()
        .noneMatch(row -> row.key().equals(key) && !row.id().equals(id))) {
      table.put(id, key, "s" + random.nextInt());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void inTheEndMemoryIsTheTable(long seed) {
    assertThat(differences(seed)).isEmpty();
    assertThat(table.followed).isNotEmpty();
  }

  /// A later change hides a deletion that happened before it.
  @Test
  void sabotageReadingBeyondTheNumber() {
    table.ignoresRange = true;
    assertThat(LongStream.range(0, 100).anyMatch(seed -> !differences(seed).isEmpty())).isTrue();
  }

  @Test
  void sabotageDeletionsWithoutANumber() {
    table.ignoresDeletions = true;
    assertThat(LongStream.range(0, 100).anyMatch(seed -> !differences(seed).isEmpty())).isTrue();
  }
}
