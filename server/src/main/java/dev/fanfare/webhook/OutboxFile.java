package dev.fanfare.webhook;

import dev.fanfare.webhook.MemoryOutbox.Holdings;
import dev.fanfare.webhook.Outbox.Counts;
import dev.fanfare.webhook.Outbox.DeadLetter;
import dev.fanfare.webhook.Outbox.Draft;
import dev.fanfare.webhook.Outbox.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/// The file of a [DurableOutbox], with one commit per change. When a call returns, the operating
/// system has the data, so it survives the process; [#maintain] forces it to the disk. Every method
/// throws [MVStoreException] when the disk fails; the file must then be abandoned. Guarded by its
/// outbox's lock.
final class OutboxFile {

  // A commit appends a chunk, and the space of an unreferenced chunk is reused once it is this old.
  // This bounds the file to what is written in that time, and gives `maintain` several turns to
  // force the newer chunks to the disk before.
  private static final int RETENTION_MS = 3_000;

  /// The size of the file of an empty store.
  private static final int HEADER_BYTES = 8_192;

  /// Chunks with a lower percentage of live data are rewritten.
  private static final int FILL_PERCENT = 60;

  /// Bytes that one turn of `maintain` may rewrite.
  private static final int REWRITE_BYTES = 4 << 20;

  /// Pages are written once and hardly read again.
  private static final int CACHE_MB = 2;

  /// Ids are reserved in blocks. Ids that were assigned while the disk failed, or shortly before
  /// the process stopped, are below the end of the block and not assigned again.
  private static final long ID_BLOCK = 1_000_000;

  private static final int CLOSING_COMMITS = 5;

  private static final String ACCEPTED = "accepted";
  private static final String DELIVERED = "delivered";
  private static final String DIED = "died";
  private static final String IDS_END = "ids_end";

  private final MVStore store;
  private final MVMap<Long, Draft> pending;
  private final MVMap<Long, DeadLetter> deadLetters;

  /// Failed attempts of pending entries. A separate map, because files of older versions do not
  /// have it, and older versions ignore it.
  private final MVMap<Long, Long> attempts;

  private final MVMap<String, Long> numbers;

  private OutboxFile(MVStore store) {
    this.store = store;
    store.setVersionsToKeep(0);
    store.setRetentionTime(RETENTION_MS);
    pending = map(store, "pending", LongDataType.INSTANCE, new DraftType());
    deadLetters = map(store, "dead_letters", LongDataType.INSTANCE, new DeadLetterType());
    attempts = map(store, "attempts", LongDataType.INSTANCE, LongDataType.INSTANCE);
    numbers = map(store, "numbers", StringDataType.INSTANCE, LongDataType.INSTANCE);
  }

  private static <K, V> MVMap<K, V> map(
      MVStore store, String name, DataType<K> keys, DataType<V> values) {
    return store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
  }

  /// Opens or creates a file and locks it.
  ///
  /// @param name a path; tests put the scheme of another file system in front
  static OutboxFile open(String name) {
    // No automatic commits: they would split changes that belong together.
    MVStore store =
        new MVStore.Builder()
            .fileName(name)
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .cacheSize(CACHE_MB)
            .open();
    try {
      if (store.isReadOnly()) {
        throw DataUtils.newMVStoreException(DataUtils.ERROR_WRITING_FAILED, "it is read-only");
      }
      if (store.getCurrentVersion() == 0 && store.getFileStore().size() > HEADER_BYTES) {
        throw DataUtils.newMVStoreException(
            DataUtils.ERROR_FILE_CORRUPT, "there is no valid data after its header");
      }
      OutboxFile file = new OutboxFile(store);
      store.commit(); // a first version to return to if a later commit is damaged
      return file;
    } catch (RuntimeException e) {
      store.closeImmediately();
      throw e;
    }
  }

  /// The content of the file, with the checksums of all pages verified.
  Holdings read() {
    List<Entry> entries = new ArrayList<>(pending.size());
    pending.forEach((id, draft) -> entries.add(new Entry(id, draft)));
    List<DeadLetter> letters = List.copyOf(deadLetters.values());
    Counts counts =
        new Counts(
            number(ACCEPTED), number(DELIVERED), number(DIED), entries.size(), letters.size());
    return new Holdings(entries, letters, counts, Math.max(1, number(IDS_END)), readAttempts());
  }

  /// Removes counts whose entry is gone, because a version that ignores the map has settled it.
  private Map<Long, Integer> readAttempts() {
    attempts.keySet().stream()
        .filter(id -> !pending.containsKey(id))
        .toList()
        .forEach(attempts::remove);
    Map<Long, Integer> counts = new HashMap<>();
    attempts.forEach((id, count) -> counts.put(id, Math.toIntExact(count)));
    return counts;
  }

  private long number(String name) {
    return numbers.getOrDefault(name, 0L);
  }

  /// Copies the entries with these ids from memory to the file, or removes them, in one commit.
  void write(MemoryOutbox memory, List<Long> ids) {
    for (long id : ids) {
      Entry entry = memory.findPending(id);
      if (entry == null) {
        pending.remove(id);
      } else {
        pending.put(id, entry.draft());
      }
      writeAttempts(id, memory.attempts(id));
      DeadLetter letter = memory.findDead(id);
      if (letter == null) {
        deadLetters.remove(id);
      } else {
        deadLetters.put(id, letter);
      }
    }
    commit(memory.counts(), memory.nextId());
  }

  private void writeAttempts(long id, int count) {
    if (count > 0) {
      attempts.put(id, (long) count);
    } else if (!attempts.isEmpty()) {
      attempts.remove(id);
    }
  }

  /// Replaces the content of the file, in one commit.
  void writeAll(Holdings all) {
    pending.clear();
    deadLetters.clear();
    attempts.clear();
    all.pending().forEach(entry -> pending.put(entry.id(), entry.draft()));
    all.deadLetters().forEach(letter -> deadLetters.put(letter.entry().id(), letter));
    all.attempts().forEach((id, count) -> attempts.put(id, (long) count));
    commit(all.counts(), all.nextId());
  }

  private void commit(Counts counts, long nextId) {
    // In memory the oldest dead letters, those with the lowest ids, have been removed.
    while (deadLetters.sizeAsLong() > counts.deadLetters()) {
      deadLetters.remove(deadLetters.firstKey());
    }
    put(ACCEPTED, counts.accepted());
    put(DELIVERED, counts.delivered());
    put(DIED, counts.died());
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

  /// Forces the data to the disk, and rewrites sparse parts of the file so that their space can be
  /// reused. Called once a second.
  void maintain() {
    store.sync();
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

  /// True if the newest part of the file is damaged and an older version was opened.
  boolean isCutShort() {
    return store.getCurrentVersion() < announcedVersion();
  }

  private long announcedVersion() {
    return DataUtils.readHexLong(store.getStoreHeader(), "version", 0);
  }

  /// Closes a file that failed, without writing.
  void abandon() {
    store.closeImmediately();
  }
}
