package dev.fanfare.history.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.Identity;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.observe.NanoClock;
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
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A replay of thousands of events that are in the files only reads each of them once, though it
/// gets them page by page.
final class LongReplayTest {

  private static final int EVENTS = 5_000;

  /// Reads of a page by which it finds where it begins.
  private static final int SEARCH_READS = 16;

  private static final HistoryRule RULE =
      HistoryRule.DEFAULTS
          .withChannels(ChannelFilter.ALL)
          .withReplay(HistoryRule.Replay.MAILBOX)
          .withStore(Store.DISK)
          .withKeepEvents(EVENTS)
          .withKeepBytes(1 << 28)
          .withReplayEvents(EVENTS);

  private static final App APP = TestNode.APP.withHistory(List.of(RULE));

  @TempDir private Path folder;

  private static ChannelName channel(String name) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(name, 100)).value();
  }

  /// A store that keeps no event in memory.
  private DiskStore open() throws IOException {
    DiskStore store =
        DiskStore.of(
            Ledger.of(new LedgerOptions(0, 0, 0, 0, 1), DirectMemory.ofProcess()),
            HistoryOptions.DEFAULTS.withDataDir(folder.toString()),
            ResumeOptions.DEFAULTS,
            InstantSource.system(),
            NanoClock.SYSTEM);
    store.open(List.of(APP));
    return store;
  }

  private static void publish(DiskStore store, String name) {
    ChannelName channel = channel(name);
    EventLog log = store.open(APP, channel, RULE);
    Identity phone = new Identity(Identity.Kind.DEVICE, "phone");
    for (int i = 1; i <= EVENTS; i++) {
      Publication publication = new Publication(channel, "e", "" + i, null, null, Origin.HTTP);
      EventId id = log.append(publication, log.floor() + i, 0).id();
      Objects.requireNonNull(log.archive()).seen(phone, id);
    }
    assertThat(store.written().join()).isTrue();
  }

  private static List<Long> replay(EventLog log) {
    Archive archive = Objects.requireNonNull(log.archive());
    List<Long> numbers = new ArrayList<>();
    long position = 0;
    while (log.read(position, EventLog.END - 1, 0).isElsewhere()) {
      Archive.Page page = archive.page(position, 0);
      assertThat(page.events()).hasSizeLessThanOrEqualTo(32);
      for (StoredEvent event : page.events()) {
        numbers.add(Long.parseLong(event.publication().data()));
      }
      position = page.through();
    }
    return numbers;
  }

  @Test
  void eachEventIsReadOnce() throws IOException {
    try (DiskStore store = open()) {
      publish(store, "private-7");
      publish(store, "private-8");
    }
    try (DiskStore store = open()) {
      long before = store.reads();
      List<Long> numbers = replay(store.open(APP, channel("private-7"), RULE));
      assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, EVENTS).boxed().toList());
      long cursors = EVENTS; // read once, to find out whether the channel was purged
      assertThat(store.reads() - before)
          .isLessThanOrEqualTo(cursors + EVENTS + SEARCH_READS * (EVENTS / 32 + 1));
    }
  }
}
