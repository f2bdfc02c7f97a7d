package dev.fanfare.history.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.memory.DirectMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random joins, leaves, events, purges and restarts against lists: what a page shows of joins and
/// leaves, and what purges count. Repeatable by its seeds.
final class PresenceModelTest {

  private static final int STEPS = 150;
  private static final int KEEP = 6;
  private static final List<String> CHANNELS =
      List.of("presence-disk-a", "presence-disk-b", "presence-memory-a", "presence-memory-b");
  private static final HistoryRule DISK = rule("presence-disk-", Store.DISK);
  private static final HistoryRule MEMORY = rule("presence-memory-", Store.MEMORY);
  private static final App APP = TestNode.APP.withHistory(List.of(DISK, MEMORY));

  /// What was kept, oldest first.
  private final Map<String, List<String>> model = new TreeMap<>();

  private final Map<String, EventLog> presence = new TreeMap<>();
  private final Map<String, EventLog> events = new TreeMap<>();
  private final Map<String, Long> sequences = new TreeMap<>();

  @TempDir private Path folder;
  private InstantSource wall = InstantSource.system();
  private DiskStore store;

  private static HistoryRule rule(String prefix, Store store) {
    return HistoryRule.DEFAULTS
        .withPresenceEvents(true)
        .withKeepEvents(KEEP)
        .withStore(store)
        .withChannels(ChannelFilter.ALL.withPrefix(prefix));
  }

  private static boolean isOnDisk(String channel) {
    return channel.startsWith("presence-disk-");
  }

  private static HistoryRule ruleOf(String channel) {
    return isOnDisk(channel) ? DISK : MEMORY;
  }

  private static ChannelName name(String channel) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, 100)).value();
  }

  @BeforeEach
  void start() throws IOException {
    store =
        DiskStore.of(
            Ledger.of(LedgerOptions.DERIVED, DirectMemory.ofProcess()),
            HistoryOptions.DEFAULTS.withDataDir(folder.toString()),
            ResumeOptions.DEFAULTS,
            () -> wall.instant(),
            () -> 0);
    store.open(List.of(APP));
    store.restore(
        List.of(APP),
        key -> {
          boolean isPresence = PresenceEvents.isLog(key.channel());
          var _ =
              isPresence ? presence(PresenceEvents.channel(key.channel())) : events(key.channel());
        });
  }

  private void restart() throws IOException {
    store.close();
    presence.clear();
    events.clear();
    start();
  }

  private EventLog presence(String channel) {
    return presence.computeIfAbsent(
        channel, _ -> opened(channel, store.openPresence(APP, name(channel), ruleOf(channel))));
  }

  private EventLog events(String channel) {
    return events.computeIfAbsent(
        channel, _ -> opened(channel, store.open(APP, name(channel), ruleOf(channel))));
  }

  private EventLog opened(String channel, EventLog log) {
    sequences.merge(channel, log.floor(), Math::max);
    return log;
  }

  private long next(String channel) {
    return sequences.merge(channel, 1L, Long::sum);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void pagesShowWhatListsHave(long seed) throws IOException {
    Random random = new Random(seed);
    try {
      for (int step = 0; step < STEPS; step++) {
        step(random);
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        assertThat(pages(channel, random))
            .as("%s, step %d", channel, step)
            .isEqualTo(kept(channel));
      }
    } finally {
      store.close();
    }
  }

  /// Purges, and what follows them, are in one millisecond.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aClockThatStandsStillHidesNothing(long seed) throws IOException {
    wall = InstantSource.fixed(wall.instant());
    pagesShowWhatListsHave(seed);
  }

  private void step(Random random) throws IOException {
    String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
    String userId = "" + random.nextInt(4);
    switch (random.nextInt(20)) {
      case 0 -> restart();
      case 1 -> purgeChannel(channel);
      case 2 -> purgeUser(userId);
      case 3, 4 -> {
        Publication event = new Publication(name(channel), "e", "d", userId, null, Origin.CLIENT);
        EventLog log = events(channel);
        var _ = log.append(event, next(channel), 0);
      }
      default -> {
        Publication visit =
            random.nextBoolean()
                ? PresenceEvents.joined(name(channel), userId)
                : PresenceEvents.left(name(channel), userId, "closed");
        EventLog log = presence(channel);
        var _ = log.append(visit, next(channel), 0);
        List<String> kept = all(channel);
        kept.add(text(visit));
        if (kept.size() > KEEP && !isOnDisk(channel)) {
          kept.removeFirst();
        }
      }
    }
  }

  private void purgeChannel(String channel) {
    int expected = kept(channel).size();
    assertThat(count(presence(channel).purge(false, 0))).isEqualTo(expected);
    all(channel).clear();
  }

  private void purgeUser(String userId) {
    int expected = 0;
    for (List<String> kept : model.values()) {
      int before = kept.size();
      kept.removeIf(each -> each.startsWith(userId + " "));
      expected += before - kept.size();
    }
    assertThat(count(store.purgeUser(APP, userId, 0))).isEqualTo(expected);
  }

  private static int count(Purge purge) {
    return ((Parsed.Ok<Integer>) purge.await()).value();
  }

  /// The files have more than a page shows.
  private List<String> kept(String channel) {
    List<String> all = all(channel);
    return all.subList(Math.max(0, all.size() - KEEP), all.size());
  }

  private List<String> all(String channel) {
    return model.computeIfAbsent(channel, _ -> new ArrayList<>());
  }

  private static String text(Publication visit) {
    return visit.userId() + " " + visit.event() + " " + visit.data();
  }

  /// All pages of a channel, in either direction, oldest first.
  private List<String> pages(String channel, Random random) {
    boolean isForwards = random.nextBoolean();
    int limit = 1 + random.nextInt(KEEP);
    List<StoredEvent> found = new ArrayList<>();
    @Nullable EventId from = null;
    do {
      HistoryPage page =
          presence(channel)
              .page(
                  new HistoryPage.Query(
                      limit, isForwards, isForwards ? null : from, isForwards ? from : null),
                  0);
      found.addAll(page.events());
      from = page.next();
    } while (from != null);
    List<StoredEvent> ascending = isForwards ? found : found.reversed();
    assertThat(ascending.stream().map(StoredEvent::id)).isSorted().doesNotHaveDuplicates();
    return ascending.stream().map(event -> text(event.publication())).toList();
  }
}
