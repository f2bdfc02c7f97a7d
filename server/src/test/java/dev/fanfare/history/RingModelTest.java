package dev.fanfare.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.Secret;
import dev.fanfare.budget.Share;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rings and their store, compared with a list of everything that was appended.
final class RingModelTest {

  private static final int STEPS = 3_000;
  private static final ChannelName CHANNEL = name("feed");
  private static final HistoryRule RULE =
      HistoryRule.DEFAULTS.withKeepEvents(70).withKeepSeconds(9);

  private static final App ONE = app("1");
  private static final App TWO = app("2");

  private final Share share = new Share("history", "history_memory_bytes", 100_000);
  private long wallMs = 1_764_270_000_000L;
  private final MemoryStore store = new MemoryStore(share, () -> Instant.ofEpochMilli(wallMs));

  private static App app(String id) {
    return new App(id, "key" + id, new Secret("s"), AppOptions.DEFAULTS, Limits.HOSTED);
  }

  private static ChannelName name(String name) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(name, 100)).value();
  }

  private static Publication event(ChannelName channel, String data) {
    return new Publication(channel, "e", data, null, null, Origin.HTTP);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aRingIsTheEndOfWhatWasAppended(long seed) {
    Random random = new Random(seed);
    EventLog ring = store.open(ONE, CHANNEL, RULE);
    List<StoredEvent> all = new ArrayList<>();
    EventId highest = EventId.NONE;
    long nowNs = 0;
    long sequence = 0;
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(8)) {
        case 0 -> nowNs += TimeUnit.MILLISECONDS.toNanos(random.nextInt(1_500));
        case 1 -> wallMs += random.nextInt(3) - 1;
        case 2 -> ring.expire(nowNs);
        case 3 -> {
          if (random.nextInt(20) == 0) {
            int expected = kept(all, nowNs).size();
            assertThat(ring.purge(false, nowNs).await()).isEqualTo(new Parsed.Ok<>(expected));
            highest = ring.purged();
            all.clear();
          }
        }
        default -> {
          sequence += 1 + random.nextInt(3);
          all.add(ring.append(event(CHANNEL, "x".repeat(random.nextInt(99))), sequence, nowNs));
        }
      }
      List<StoredEvent> kept = kept(all, nowNs);
      assertThat(page(ring, new HistoryPage.Query(1_000, true, null, null), nowNs)).isEqualTo(kept);
      assertThat(ring.newest(nowNs)).isEqualTo(kept.isEmpty() ? null : kept.getLast());
      int events = 1 + random.nextInt(80);
      long start = ring.rewind(events, Long.MAX_VALUE, nowNs);
      List<StoredEvent> rewound = kept.subList(Math.max(0, kept.size() - events), kept.size());
      assertThat(start == EventLog.END).isEqualTo(rewound.isEmpty());
      if (!rewound.isEmpty()) {
        assertThat(readAll(ring, start, sequence, nowNs)).isEqualTo(rewound);
      }
    }
    assertThat(all).extracting(StoredEvent::id).isSorted().doesNotHaveDuplicates();
    ring.close();
    assertThat(share.used()).isZero();
    StoredEvent next =
        store.open(ONE, CHANNEL, RULE).append(event(CHANNEL, ""), sequence + 1, nowNs);
    assertThat(next.id()).isGreaterThan(all.isEmpty() ? highest : all.getLast().id());
  }

  private static List<StoredEvent> kept(List<StoredEvent> all, long nowNs) {
    return all.subList(Math.max(0, all.size() - RULE.keepEvents()), all.size()).stream()
        .filter(event -> nowNs - event.keptAtNs() < TimeUnit.SECONDS.toNanos(RULE.keepSeconds()))
        .toList();
  }

  private static List<StoredEvent> page(EventLog log, HistoryPage.Query query, long nowNs) {
    return log.page(query, nowNs).events();
  }

  private static List<StoredEvent> readAll(EventLog log, long from, long through, long nowNs) {
    List<StoredEvent> found = new ArrayList<>();
    long position = from;
    while (true) {
      List<StoredEvent> block = log.read(position, through, nowNs).events();
      if (block.isEmpty()) {
        return found;
      }
      assertThat(block).hasSizeLessThanOrEqualTo(Ring.BLOCK_EVENTS);
      found.addAll(block);
      position = block.getLast().sequence();
    }
  }

  @Test
  void readersOfDifferentEventsSoonReadTheSameBlocks() {
    EventLog ring = store.open(ONE, CHANNEL, RULE);
    for (int i = 1; i <= 70; i++) {
      var _ = ring.append(event(CHANNEL, "" + i), i, 0);
    }
    assertThat(ring.read(3, 70, 0).events()).hasSize(29);
    assertThat(ring.read(20, 70, 0).events()).hasSize(12);
    assertThat(ring.read(32, 70, 0).events()).hasSize(32);
    assertThat(ring.read(32, 40, 0).events()).hasSize(8);
  }

  @Test
  void bytesOfOneChannelAreLimited() {
    EventLog ring = store.open(ONE, CHANNEL, RULE.withKeepBytes(2_000));
    for (int i = 1; i <= 5; i++) {
      var _ = ring.append(event(CHANNEL, "x".repeat(700)), i, 0);
    }
    assertThat(page(ring, HistoryPage.Query.NEWEST, 0)).hasSize(2);
    assertThat(share.used()).isLessThanOrEqualTo(2_000);
    var _ = ring.append(event(CHANNEL, "x".repeat(3_000)), 6, 0);
    assertThat(page(ring, HistoryPage.Query.NEWEST, 0)).as("larger than the limit").isEmpty();
    assertThat(share.used()).isZero();
  }

  @Test
  void theAppThatKeepsMostLosesItsOldestEventsWhenMemoryIsUsedUp() {
    EventLog small = store.open(TWO, CHANNEL, RULE);
    EventLog first = store.open(ONE, name("a"), RULE);
    EventLog second = store.open(ONE, name("b"), RULE);
    var _ = small.append(event(CHANNEL, "x".repeat(10_000)), 1, 0);
    for (int i = 1; i <= 4; i++) {
      var _ = first.append(event(name("a"), "x".repeat(10_000)), i, 0);
    }
    for (int i = 1; i <= 6; i++) {
      var _ = second.append(event(name("b"), "x".repeat(10_000)), i, 0);
    }
    assertThat(share.used()).isLessThanOrEqualTo(share.limit());
    assertThat(page(small, HistoryPage.Query.NEWEST, 0)).hasSize(1);
    assertThat(page(first, HistoryPage.Query.NEWEST, 0)).hasSize(2);
    assertThat(page(second, HistoryPage.Query.NEWEST, 0)).hasSize(6);
    assertThat(store.evicted()).isEqualTo(2);
    assertThat(store.kept()).isEqualTo(11);
    assertThat(first.page(HistoryPage.Query.NEWEST, 0).isComplete()).isFalse();
  }

  @Test
  void aLargePageEndsEarly() {
    Share large = new Share("history", "", Long.MAX_VALUE);
    EventLog ring =
        new MemoryStore(large, () -> Instant.ofEpochMilli(1))
            .open(ONE, CHANNEL, RULE.withKeepBytes(100_000_000));
    for (int i = 1; i <= 5; i++) {
      var _ = ring.append(event(CHANNEL, "x".repeat(400_000)), i, 0);
    }
    HistoryPage page = ring.page(HistoryPage.Query.NEWEST, 0);
    assertThat(page.events()).hasSize(2);
    assertThat(page.next()).isEqualTo(page.events().getLast().id());
    HistoryPage rest = ring.page(new HistoryPage.Query(100, false, page.next(), null), 0);
    assertThat(rest.events()).hasSize(2);
  }
}
