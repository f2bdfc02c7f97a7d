package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Component;
import dev.fanfare.webhook.outbox.Damage;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.OutboxChange;
import dev.fanfare.webhook.outbox.Table;
import java.util.List;
import java.util.function.LongFunction;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The file of a [DurableOutbox], with one commit per change. When a call returns, the operating
/// system has the data, so it survives the process; [#sync] forces it to the disk. Every method
/// throws [MVStoreException] when the disk fails or the file is damaged; the file must then be
/// abandoned. Guarded by its outbox's lock.
final class OutboxFile implements Table {

  private static final Logger log = Component.WEBHOOKS.logger();

  // A commit appends a chunk, and the space of an unreferenced chunk is reused once it is this old.
  // This bounds the file to what is written in that time, and gives `maintain` several turns to
  // force the newer chunks to the disk before.
  private static final int RETENTION_MS = 3_000;

  /// The size of the file of an empty store.
  static final int HEADER_BYTES = 8_192;

  /// Chunks with a lower percentage of live data are rewritten.
  private static final int FILL_PERCENT = 60;

  /// Bytes that one turn of `maintain` may rewrite.
  private static final int REWRITE_BYTES = 4 << 20;

  /// What is read twice is read within seconds.
  private static final int CACHE_MB = 2;

  /// Ids are reserved in blocks. Ids that were assigned while the disk failed, or shortly before
  /// the process stopped, are below the end of the block and not assigned again.
  private static final long ID_BLOCK = 1_000_000;

  private static final int CLOSING_COMMITS = 5;

  /// The format of the records; a file of a newer version has a higher one.
  private static final long FORMAT = 2;

  private static final String ACCEPTED = "accepted";
  private static final String DELIVERED = "delivered";
  private static final String DIED = "died";
  private static final String IDS_END = "ids_end";
  private static final String FORMAT_NUMBER = "format";

  // What the maps contain, if the sum of the other counts has not changed since: older versions do
  // not write these numbers.
  private static final String PENDING = "pending";
  private static final String DEAD = "dead";
  private static final String COUNTED_AT = "counted_at";

  private final MVStore store;
  private final MVMap<Long, Entry> pending;
  private final MVMap<Long, DeadLetter> deadLetters;

  /// Failed attempts of pending entries. A separate map, because files of older versions do not
  /// have it, and older versions ignore it.
  private final MVMap<Long, Long> attempts;

  private final MVMap<String, Long> numbers;
  private final ReportedMap reported;

  private OutboxFile(MVStore store) {
    this.store = store;
    pending = map(store, "pending", LongDataType.INSTANCE, new EntryType());
    deadLetters = map(store, "dead_letters", LongDataType.INSTANCE, new DeadLetterType());
    attempts = map(store, "attempts", LongDataType.INSTANCE, LongDataType.INSTANCE);
    numbers = map(store, "numbers", StringDataType.INSTANCE, LongDataType.INSTANCE);
    reported =
        new ReportedMap(map(store, "reported", StringDataType.INSTANCE, LongDataType.INSTANCE));
    if (number(FORMAT_NUMBER) > FORMAT) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_UNSUPPORTED_FORMAT,
          "it was written by a newer version of Fanfare (format {0}; this one reads up to {1})",
          number(FORMAT_NUMBER),
          FORMAT);
    }
  }

  private static <K, V> MVMap<K, V> map(
      MVStore store, String name, DataType<K> keys, DataType<V> values) {
    return store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
  }

  // No automatic commits: they would split changes that belong together.
  private static MVStore.Builder builder(String name) {
    return new MVStore.Builder()
        .fileName(name)
        .autoCommitDisabled()
        .autoCommitBufferSize(0)
        .cacheSize(CACHE_MB);
  }

  /// Opens or creates a file and locks it.
  ///
  /// @param name a path; tests put the scheme of another file system in front
  static OutboxFile open(String name) {
    MVStore store = builder(name).open();
    try {
      if (store.isReadOnly()) {
        throw DataUtils.newMVStoreException(DataUtils.ERROR_WRITING_FAILED, "it is read-only");
      }
      if (store.getCurrentVersion() == 0 && store.getFileStore().size() > HEADER_BYTES) {
        throw DataFolder.damaged("there is no valid data after its header");
      }
      store.setVersionsToKeep(0);
      store.setRetentionTime(RETENTION_MS);
      OutboxFile file = new OutboxFile(store);
      if (file.number(FORMAT_NUMBER) < FORMAT) {
        file.put(FORMAT_NUMBER, FORMAT);
      }
      store.commit(); // a first version to return to if a later commit is damaged
      return file;
    } catch (RuntimeException e) {
      store.closeImmediately();
      throw e;
    }
  }

  /// Opens a file that exists, without changing it.
  static OutboxFile openToRead(String name) {
    MVStore store = builder(name).readOnly().open();
    try {
      return new OutboxFile(store);
    } catch (RuntimeException e) {
      store.closeImmediately();
      throw e;
    }
  }

  @Override
  public @Nullable Entry entry(long id) {
    return valid(id, pending.get(id));
  }

  private static @Nullable Entry valid(long id, @Nullable Entry entry) {
    if (entry == null || entry.id() == id) {
      return entry;
    }
    return entry.id() == EntryType.NO_ID ? new Entry(id, entry.draft()) : null;
  }

  @Override
  public @Nullable DeadLetter letter(long id) {
    return valid(id, deadLetters.get(id));
  }

  private static @Nullable DeadLetter valid(long id, @Nullable DeadLetter letter) {
    return letter == null || letter.entry().id() == id ? letter : null;
  }

  @Override
  public int attempts(long id) {
    return Math.toIntExact(attempts.getOrDefault(id, 0L));
  }

  @Override
  public @Nullable Entry entryAfter(long id) {
    return after(id, pending, this::entry);
  }

  @Override
  public @Nullable DeadLetter letterAfter(long id) {
    return after(id, deadLetters, this::letter);
  }

  private static <T> @Nullable T after(
      long id, MVMap<Long, T> map, LongFunction<@Nullable T> records) {
    T found = null;
    Long key = map.higherKey(id);
    while (key != null && found == null) {
      found = records.apply(key);
      key = found == null ? map.higherKey(key) : key;
    }
    return found;
  }

  /// Totals, and how many records there are, as far as that can be read.
  Counts counts() {
    return new Counts(
        number(ACCEPTED),
        number(DELIVERED),
        number(DIED),
        Math.toIntExact(pending.sizeAsLong()),
        Math.toIntExact(deadLetters.sizeAsLong()));
  }

  /// Higher than any id assigned so far.
  long idsEnd() {
    return Math.max(1, number(IDS_END));
  }

  /// How many records the file should contain; [Damage#UNKNOWN] if an older version has written it.
  long expected() {
    return number(COUNTED_AT) == sum() ? number(PENDING) + number(DEAD) : Damage.UNKNOWN;
  }

  private long sum() {
    return number(ACCEPTED) + number(DELIVERED) + number(DIED);
  }

  private long number(String name) {
    return numbers.getOrDefault(name, 0L);
  }

  /// Reads everything, and copies it to another file.
  ///
  /// @param copy may be null, to check the file
  /// @return how many pages or records cannot be read
  int readAll(@Nullable OutboxFile copy) {
    RecordWalk<Entry> entries = new RecordWalk<>(pending, OutboxFile::valid);
    entries.forEachSlice(slice -> {
      if (copy != null) {
        copy.put(OutboxChange.accepted(slice));
      }
    });
    RecordWalk<DeadLetter> letters = new RecordWalk<>(deadLetters, OutboxFile::valid);
    letters.forEachSlice(slice -> {
      if (copy != null) {
        copy.put(OutboxChange.died(List.of(), slice));
      }
    });
    RecordWalk<Long> counts = new RecordWalk<>(attempts, (_, count) -> count);
    counts.forEachKey(id -> {
      Long count = attempts.get(id);
      if (copy != null && count != null && copy.pending.containsKey(id)) {
        copy.attempts.put(id, count);
      }
    });
    int unreadable = reported.readAll(copy == null ? null : copy::copyReported);
    return entries.failures() + letters.failures() + counts.failures() + unreadable;
  }

  private void copyReported(ReportedMap from, List<String> keys) {
    keys.forEach(key -> reported.copy(from, key));
    store.commit();
  }

  /// What webhooks have reported as present.
  ReportedMap reported() {
    return reported;
  }

  @Override
  public boolean isUnconfirmed(String key) {
    return reported.isUnconfirmed(key);
  }

  @Override
  public @Nullable String unconfirmedAfter(String key) {
    return reported.unconfirmedAfter(key);
  }

  /// Removes counts whose entry is gone, because a version that ignores the map has settled it.
  void removeOldAttempts() {
    attempts.keySet().stream()
        .filter(id -> !pending.containsKey(id))
        .toList()
        .forEach(attempts::remove);
  }

  /// Applies a change, in one commit.
  void apply(OutboxChange change, Counts after, long nextId) {
    edit(change);
    commit(after, nextId);
  }

  /// Applies a part of a larger change, in one commit, without the totals.
  void put(OutboxChange change) {
    edit(change);
    store.commit();
  }

  private void edit(OutboxChange change) {
    for (Entry entry : change.accepted()) {
      pending.put(entry.id(), entry);
    }
    for (Entry entry : change.settled()) {
      pending.remove(entry.id());
      if (!attempts.isEmpty()) {
        attempts.remove(entry.id());
      }
    }
    change.attempts().forEach((id, count) -> attempts.put(id, (long) count));
    for (DeadLetter letter : change.died()) {
      deadLetters.put(letter.entry().id(), letter);
    }
    for (DeadLetter letter : change.forgotten()) {
      deadLetters.remove(letter.entry().id());
    }
    change.reported().forEach(reported::apply);
  }

  /// Removes the entries with ids from `first` to `last`.
  void removeEntries(long first, long last) {
    remove(pending, first, last);
    remove(attempts, first, last);
  }

  /// Removes the dead letters with ids from `first` to `last`.
  void removeLetters(long first, long last) {
    remove(deadLetters, first, last);
  }

  private static void remove(MVMap<Long, ?> map, long first, long last) {
    Long key = map.ceilingKey(first);
    while (key != null && key <= last) {
      map.remove(key);
      key = map.higherKey(key);
    }
  }

  /// Writes totals and the next id, in one commit.
  void commit(Counts counts, long nextId) {
    put(ACCEPTED, counts.accepted());
    put(DELIVERED, counts.delivered());
    put(DIED, counts.died());
    put(PENDING, counts.pending());
    put(DEAD, counts.deadLetters());
    put(COUNTED_AT, sum());
    if (nextId > number(IDS_END)) {
      put(IDS_END, nextId + ID_BLOCK);
    }
    store.commit();
  }

  private void put(String name, long number) {
    if (number(name) != number) {
      numbers.put(name, number);
    }
  }

  /// Forces the data to the disk. Any thread, without the lock.
  void sync() {
    store.sync();
  }

  /// Rewrites sparse parts of the file so that their space can be reused. Called once a second.
  void maintain() {
    store.compact(FILL_PERCENT, REWRITE_BYTES);
    store.commit();
  }

  /// Closes the file, returns unused ids, and compacts it with a few commits: they move data to
  /// free space at the front, and unused space at the end is cut off.
  void close(long nextId) {
    store.setRetentionTime(0);
    put(IDS_END, nextId);
    store.commit();
    for (int i = 0; i < CLOSING_COMMITS && store.compact(100, REWRITE_BYTES); i++) {
      store.commit();
    }
    // Not the library's compaction on closing, which sometimes fails an assertion.
    store.close();
  }

  /// The number of commits so far.
  long version() {
    return store.getCurrentVersion();
  }

  /// The length of the file, bytes.
  long size() {
    return store.getFileStore().size();
  }

  /// True if the newest part of the file is damaged and an older version was opened.
  boolean isCutShort() {
    return store.getCurrentVersion() < announcedVersion();
  }

  private long announcedVersion() {
    return DataUtils.readHexLong(store.getStoreHeader(), "version", 0);
  }

  /// Closes a file that failed, without writing. Does not throw.
  void abandon() {
    try {
      store.closeImmediately();
    } catch (RuntimeException e) {
      log.debug("cannot close a file that failed", e);
    }
  }
}
