package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Component;
import dev.fanfare.webhook.outbox.Damage;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Copies what can be read of a damaged file to a new one.
final class Salvage {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final Counts NOTHING = new Counts(0, 0, 0, 0, 0);

  private final String damaged;
  private final OutboxFile fresh;
  private long expected = Damage.UNKNOWN;
  private long version;

  /// @param damaged the name of the damaged file
  Salvage(String damaged, OutboxFile fresh) {
    this.damaged = damaged;
    this.fresh = fresh;
  }

  /// Copies the records and the totals. Throws if the new file cannot be written.
  void copy(long nextId) {
    OutboxFile old = open();
    Counts totals = NOTHING;
    if (old != null) {
      old.readAll(fresh);
      totals = totals(old);
      old.abandon();
    }
    Counts kept = fresh.counts();
    fresh.commit(
        new Counts(
            Math.max(totals.accepted(), kept.held()),
            totals.delivered(),
            Math.max(totals.died(), kept.deadLetters()),
            kept.pending(),
            kept.deadLetters()),
        nextId);
  }

  private @Nullable OutboxFile open() {
    try {
      return OutboxFile.openToRead(damaged);
    } catch (RuntimeException e) {
      log.debug("nothing of the damaged file can be read", e);
      return null;
    }
  }

  private Counts totals(OutboxFile old) {
    try {
      version = old.version();
      expected = version == 0 ? Damage.UNKNOWN : old.expected();
      return old.counts();
    } catch (RuntimeException e) {
      log.debug("the totals cannot be read", e);
      return NOTHING;
    }
  }

  /// The newest version that could be read; 0 if there was none.
  long version() {
    return version;
  }

  /// How many records the damaged file should have had; [Damage#UNKNOWN] if it does not say.
  long expected() {
    return expected;
  }
}
