package dev.fanfare.webhook.disk;

import dev.fanfare.budget.Share;
import dev.fanfare.observe.Component;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.webhook.outbox.FairBytes;
import dev.fanfare.webhook.outbox.MemoryTable;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.OutboxChange;
import dev.fanfare.webhook.outbox.Presence;
import dev.fanfare.webhook.outbox.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What an outbox contains while its disk cannot be written to: the file as it was last, as far as
/// it can be read, and the changes since then, in memory.
final class OverlayTable implements Table {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Entries of one commit when the changes are written to a file.
  private static final int SLICE = 256;

  /// Memory of a presence besides its characters.
  private static final int REPORTED_BYTES = 200;

  private @Nullable OutboxFile base;
  private final MemoryTable memory = new MemoryTable();

  // Entries and dead letters of the file that are gone.
  private final IdRanges settled = new IdRanges();
  private final IdRanges forgotten = new IdRanges();

  private final FairBytes<Outbox.Target> entryBytes;
  private final Share share;
  private long letterBytes;

  // Presences and absences since the disk failed, by key, as far as there is memory.
  private final Map<String, Presence> reported = new HashMap<>();
  private long reportedBytes;

  /// @param base the file as far as it can be read; null if it cannot
  /// @param maxBytes memory for entries
  /// @param share of which the memory for entries and dead letters is a part
  OverlayTable(@Nullable OutboxFile base, long maxBytes, Share share) {
    this.base = base;
    this.entryBytes = new FairBytes<>(maxBytes, share);
    this.share = share;
  }

  void apply(OutboxChange change) {
    for (Entry entry : change.settled()) {
      if (memory.entry(entry.id()) == null) {
        settled.add(entry.id());
      } else {
        entryBytes.release(entry.draft().target(), entry.draft().bytes());
      }
    }
    for (DeadLetter letter : change.forgotten()) {
      if (memory.letter(letter.entry().id()) == null) {
        forgotten.add(letter.entry().id());
      } else {
        addLetterBytes(-letter.bytes());
      }
    }
    change.accepted().forEach(e -> entryBytes.add(e.draft().target(), e.draft().bytes()));
    change.died().forEach(letter -> addLetterBytes(letter.bytes()));
    change.reported().forEach(this::report);
    memory.apply(change);
  }

  private void report(Presence presence) {
    String key = presence.key();
    long bytes = REPORTED_BYTES + 2L * key.length();
    if (!reported.containsKey(key)) {
      if (!share.reserve(bytes)) {
        return;
      }
      reportedBytes += bytes;
    }
    reported.put(key, presence);
  }

  private void addLetterBytes(int bytes) {
    letterBytes += bytes;
    if (bytes > 0) {
      share.add(bytes);
    } else {
      share.release(-bytes);
    }
  }

  /// Fails if an event cannot be kept in memory. See [Outbox#checkRoom].
  Parsed<Parsed.Passed> checkRoom(Outbox.Target target, long own, long all) {
    if (entryBytes.admits(target, own, all)) {
      return Parsed.PASSED;
    }
    return new Parsed.Bad<>(
        "the disk fails, and "
            + entryBytes.used()
            + " of "
            + entryBytes.limit()
            + " bytes are waiting in memory (a part of "
            + share.setting()
            + ")");
  }

  /// The file as far as it can be read; null if it cannot.
  @Nullable OutboxFile base() {
    return base;
  }

  /// The same changes, of another file.
  OverlayTable over(@Nullable OutboxFile next) {
    base = next;
    return this;
  }

  /// Bytes of memory that dead letters have.
  long letterBytes() {
    return letterBytes;
  }

  /// Writes the changes to the file to which they apply, or to a new one, in slices: writing them
  /// twice does no harm.
  void writeTo(OutboxFile file) {
    settled.ranges().forEach(file::removeEntries);
    forgotten.ranges().forEach(file::removeLetters);
    List<Entry> entries = new ArrayList<>();
    for (Entry next = memory.entryAfter(-1); next != null; next = memory.entryAfter(next.id())) {
      entries.add(next);
      if (entries.size() == SLICE) {
        file.put(OutboxChange.accepted(entries));
        entries.clear();
      }
    }
    file.put(OutboxChange.accepted(entries));
    List<DeadLetter> letters = new ArrayList<>();
    for (DeadLetter next = memory.letterAfter(-1);
        next != null;
        next = memory.letterAfter(next.entry().id())) {
      letters.add(next);
      if (letters.size() == SLICE) {
        file.put(OutboxChange.died(List.of(), letters));
        letters.clear();
      }
    }
    file.put(OutboxChange.died(List.of(), letters));
    file.put(OutboxChange.attempted(memory.attempts()));
    file.put(OutboxChange.reported(List.copyOf(reported.values())));
  }

  /// Closes the file. The changes stay.
  void closeBase() {
    if (base != null) {
      base.abandon();
      base = null;
    }
  }

  /// Closes the file and returns the memory. Not to be used any more.
  void close() {
    closeBase();
    share.release(entryBytes.used() + letterBytes + reportedBytes);
  }

  @Override
  public @Nullable Entry entry(long id) {
    Entry entry = memory.entry(id);
    return entry != null || settled.contains(id) ? entry : read(file -> file.entry(id));
  }

  @Override
  public @Nullable DeadLetter letter(long id) {
    DeadLetter letter = memory.letter(id);
    return letter != null || forgotten.contains(id) ? letter : read(file -> file.letter(id));
  }

  @Override
  public int attempts(long id) {
    int count = memory.attempts(id);
    Integer before = count > 0 ? null : read(file -> file.attempts(id));
    return before == null ? count : before;
  }

  @Override
  public boolean isUnconfirmed(String key) {
    return !reported.containsKey(key) && Boolean.TRUE.equals(read(file -> file.isUnconfirmed(key)));
  }

  @Override
  public @Nullable String unconfirmedAfter(String key) {
    String next = key;
    do {
      String from = next;
      next = read(file -> file.unconfirmedAfter(from));
    } while (next != null && reported.containsKey(next));
    return next;
  }

  @Override
  public @Nullable Entry entryAfter(long id) {
    return after(id, memory.entryAfter(id), settled, OutboxFile::entryAfter, Function.identity());
  }

  @Override
  public @Nullable DeadLetter letterAfter(long id) {
    return after(id, memory.letterAfter(id), forgotten, OutboxFile::letterAfter, DeadLetter::entry);
  }

  /// The record with the lowest id above `id`, of the one in memory and those of the file that are
  /// not gone.
  private <T> @Nullable T after(
      long id,
      @Nullable T next,
      IdRanges gone,
      BiFunction<OutboxFile, Long, @Nullable T> records,
      Function<T, Entry> entry) {
    long from = id;
    T old;
    do {
      long after = gone.nextMissing(from) - 1;
      old = read(file -> records.apply(file, after));
      from = old == null ? from : entry.apply(old).id() - 1;
    } while (old != null && gone.contains(entry.apply(old).id()));
    return old == null || (next != null && entry.apply(next).id() < entry.apply(old).id())
        ? next
        : old;
  }

  private <T> @Nullable T read(Function<OutboxFile, @Nullable T> question) {
    if (base == null) {
      return null;
    }
    try {
      return question.apply(base);
    } catch (RuntimeException e) {
      log.debug("cannot read the file of the outbox", e);
      return null;
    }
  }
}
