package dev.fanfare.webhook.outbox;

import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Entries and dead letters in memory, sorted by id, which is the order of acceptance.
public final class MemoryTable implements Table {

  private final NavigableMap<Long, Entry> pending = new TreeMap<>();
  private final NavigableMap<Long, DeadLetter> deadLetters = new TreeMap<>();

  /// Failed attempts, by id; without those that had none.
  private final Map<Long, Integer> attempts = new HashMap<>();

  public void apply(OutboxChange change) {
    change.accepted().forEach(entry -> pending.put(entry.id(), entry));
    change.settled().forEach(entry -> remove(entry.id()));
    attempts.putAll(change.attempts());
    change.died().forEach(letter -> deadLetters.put(letter.entry().id(), letter));
    change.forgotten().forEach(letter -> deadLetters.remove(letter.entry().id()));
  }

  private void remove(long id) {
    pending.remove(id);
    attempts.remove(id);
  }

  @Override
  public @Nullable Entry entry(long id) {
    return pending.get(id);
  }

  @Override
  public @Nullable DeadLetter letter(long id) {
    return deadLetters.get(id);
  }

  @Override
  public int attempts(long id) {
    return attempts.getOrDefault(id, 0);
  }

  /// What is in memory was reported by this process.
  @Override
  public boolean isUnconfirmed(String key) {
    return false;
  }

  @Override
  public @Nullable String unconfirmedAfter(String key) {
    return null;
  }

  @Override
  public @Nullable Entry entryAfter(long id) {
    return value(pending.higherEntry(id));
  }

  @Override
  public @Nullable DeadLetter letterAfter(long id) {
    return value(deadLetters.higherEntry(id));
  }

  /// Failed attempts, by id; without those that had none.
  public Map<Long, Integer> attempts() {
    return Map.copyOf(attempts);
  }

  private static <T> @Nullable T value(Map.@Nullable Entry<Long, T> entry) {
    return entry == null ? null : entry.getValue();
  }
}
