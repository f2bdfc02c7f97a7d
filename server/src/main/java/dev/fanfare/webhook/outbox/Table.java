package dev.fanfare.webhook.outbox;

import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import org.jspecify.annotations.Nullable;

/// Where the content of an outbox is, for reading. Guarded by the outbox's lock.
public interface Table {

  /// The pending entry with this id; null if there is none, or if it cannot be read.
  @Nullable Entry entry(long id);

  /// The dead letter with this id; null if there is none, or if it cannot be read.
  @Nullable DeadLetter letter(long id);

  /// Failed attempts of a pending entry.
  int attempts(long id);

  /// True if an earlier run of the process has reported this key as present, and this one has not.
  boolean isUnconfirmed(String key);

  /// The first such key behind `key`; null if there is none.
  @Nullable String unconfirmedAfter(String key);

  /// The pending entry with the lowest id above `id`, or null.
  @Nullable Entry entryAfter(long id);

  /// The dead letter with the lowest id above `id`, or null.
  @Nullable DeadLetter letterAfter(long id);
}
