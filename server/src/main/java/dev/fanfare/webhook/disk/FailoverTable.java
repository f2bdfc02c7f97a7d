package dev.fanfare.webhook.disk;

import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Table;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads from a table that may turn out to be damaged, and then from its replacement.
final class FailoverTable implements Table {

  /// Provides the table.
  interface Source {

    Table current();

    /// Replaces a table that failed. The replacement does not fail.
    void failed(Table failed, RuntimeException e);
  }

  private final Source source;

  FailoverTable(Source source) {
    this.source = source;
  }

  @Override
  public @Nullable Entry entry(long id) {
    return read(from -> from.entry(id));
  }

  @Override
  public @Nullable DeadLetter letter(long id) {
    return read(from -> from.letter(id));
  }

  @Override
  public int attempts(long id) {
    Integer count = read(from -> from.attempts(id));
    return count == null ? 0 : count;
  }

  @Override
  public boolean isUnconfirmed(String key) {
    return Boolean.TRUE.equals(read(from -> from.isUnconfirmed(key)));
  }

  @Override
  public @Nullable String unconfirmedAfter(String key) {
    return read(from -> from.unconfirmedAfter(key));
  }

  @Override
  public @Nullable Entry entryAfter(long id) {
    return read(from -> from.entryAfter(id));
  }

  @Override
  public @Nullable DeadLetter letterAfter(long id) {
    return read(from -> from.letterAfter(id));
  }

  private <T> @Nullable T read(Function<Table, @Nullable T> question) {
    Table table = source.current();
    try {
      return Uninterrupted.call(() -> question.apply(table));
    } catch (RuntimeException e) {
      source.failed(table, e);
    }
    return question.apply(source.current());
  }
}
