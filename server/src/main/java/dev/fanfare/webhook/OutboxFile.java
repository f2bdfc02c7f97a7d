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

/// The file of a [DurableOutbox], one commit per change. What a commit wrote is with the operating
/// system when the call returns, so the end of this process cannot take it; [#tend] brings it to
/// the disk itself. Every method throws [MVStoreException] when the disk fails, and the file is
/// then of no more use than to be abandoned. Confined to its outbox's lock.
final class OutboxFile {

  // A commit appends a chunk, and the space of a chunk that nothing refers to any more is used
  // again once it is this old. It bounds the file to what is written in that time, and leaves
  // `tend` several turns to bring to the disk what makes the chunk superfluous.
  private static final int RETENTION_MS = 3_000;

  /// What the file of an empty store has.
  private static final int HEADER_BYTES = 8_192;

  /// Of the chunks' bytes, how many hundredths must count before they are left in peace.
  private static final int FILL_PERCENT = 60;

  /// Bytes that one turn of `tend` may rewrite.
  private static final int REWRITE_BYTES = 4 << 20;

  /// Pages are written once and hardly read again.
  private static final int CACHE_MB = 2;

  /// Ids are set aside in blocks. What was given out while the disk did not work, or was on its way
  /// when the process ended, is below the end of the block and never given out again.
  private static final long ID_BLOCK = 1_000_000;

  private static final int CLOSING_COMMITS = 5;

  private static final String ACCEPTED = "accepted";
  private static final String DELIVERED = "delivered";
  private static final String DIED = "died";
  private static final String IDS_END = "ids_end";

  private final MVStore store;
  private final MVMap<Long, Draft> pending;
  private final MVMap<Long, DeadLetter> deadLetters;

  /// Failed attempts of pending entries, apart from them: a file from before there were attempts
  /// has no such map, and the version that wrote it ignores one.
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

  /// Opens or makes a file and takes its lock.
  ///
  /// @param name a path, with the scheme of another file system in front if a test wants one
  static OutboxFile open(String name) {
    // Commits are ours alone: one in between would part what belongs together.
    MVStore store =
        new MVStore.Builder()
            .fileName(name)
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .cacheSize(CACHE_MB)
            .open();
    try {
      if (store.isReadOnly()) {
        throw DataUtils.newMVStoreException(
            DataUtils.ERROR_WRITING_FAILED, "it may be read but not written");
      }
      if (store.getCurrentVersion() == 0 && store.getFileStore().size() > HEADER_BYTES) {
        throw DataUtils.newMVStoreException(
            DataUtils.ERROR_FILE_CORRUPT, "nothing behind its header makes sense");
      }
      OutboxFile file = new OutboxFile(store);
      store.commit(); // a new file has something to go back to before it has anything to lose
      return file;
    } catch (RuntimeException e) {
      store.closeImmediately();
      throw e;
    }
  }

  /// Everything in the file, each page of it checked against its checksum.
  Holdings read() {
    List<Entry> entries = new ArrayList<>(pending.size());
    pending.forEach((id, draft) -> entries.add(new Entry(id, draft)));
    List<DeadLetter> letters = List.copyOf(deadLetters.values());
    Counts counts =
        new Counts(
            number(ACCEPTED), number(DELIVERED), number(DIED), entries.size(), letters.size());
    return new Holdings(entries, letters, counts, Math.max(1, number(IDS_END)), readAttempts());
  }

  /// Removes those whose entry is gone: a version that does not know the map has settled it.
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

  /// Makes the file hold what the ledger holds under these ids, in one commit.
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

  /// Makes the file hold what the ledger holds and nothing else, in one commit.
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
    // The ledger forgets the oldest dead letters, those with the lowest ids.
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

  /// Brings everything to the disk itself, and rewrites sparse parts of the file so that their
  /// space can be used again. Wanted once a second.
  void tend() {
    store.sync();
    store.compact(FILL_PERCENT, REWRITE_BYTES);
    store.commit();
  }

  /// Closes the file, gives unused ids back, and leaves it as small as a few commits can make it:
  /// they go to the front, where there is room, and what is unused at the end is cut off.
  void close(long nextId) {
    store.setRetentionTime(0);
    put(IDS_END, nextId);
    store.commit();
    for (int i = 0; i < CLOSING_COMMITS && store.compact(100, REWRITE_BYTES); i++) {
      store.commit();
    }
    // The library's own compaction on closing moves chunks, and sometimes trips over itself.
    store.close();
  }

  /// True if the newest part of the file is damaged, so that what is before it had to do.
  boolean isCutShort() {
    return store.getCurrentVersion() < announcedVersion();
  }

  private long announcedVersion() {
    return DataUtils.readHexLong(store.getStoreHeader(), "version", 0);
  }

  /// Lets go of a file that failed, without writing.
  void abandon() {
    store.closeImmediately();
  }
}
