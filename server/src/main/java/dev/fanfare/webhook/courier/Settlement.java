package dev.fanfare.webhook.courier;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.Observation;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.webhook.outbox.IdQueue;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Records in the outbox what becomes of entries of one endpoint, reports it, and counts the
/// entries that wait.
final class Settlement {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Memory of an entry that waits: its id, in a queue that may be half empty.
  private static final long WAITING_BYTES = 2 * Long.BYTES;

  /// Entries that are given up at once.
  static final int SLICE = 100;

  private final CourierContext context;
  private final String appId;
  private final String endpoint;
  private final AtomicInteger pending = new AtomicInteger();

  Settlement(CourierContext context, Receiver receiver) {
    this(context, receiver.appId(), receiver.target());
  }

  /// For entries that no courier has.
  Settlement(CourierContext context, String appId, String endpoint) {
    this.context = context;
    this.appId = appId;
    this.endpoint = endpoint;
  }

  /// Reserves room for one more entry; fails if there is none. Any thread.
  Parsed<Parsed.Passed> reserve() {
    if (pending.incrementAndGet() > context.options().maxPendingEvents()) {
      pending.decrementAndGet();
      return new Parsed.Bad<>(
          context.options().maxPendingEvents() + " are waiting already (max_pending_events)");
    }
    if (!context.memory().reserve(WAITING_BYTES)) {
      pending.decrementAndGet();
      return new Parsed.Bad<>(context.memory().state());
    }
    return Parsed.PASSED;
  }

  /// Reserves room for an entry that was accepted earlier, however many wait. Any thread.
  void reserveAnyway() {
    pending.incrementAndGet();
    context.memory().add(WAITING_BYTES);
  }

  /// Releases the room of entries that do not wait any more. Any thread.
  void release(int entries) {
    pending.addAndGet(-entries);
    context.memory().release(WAITING_BYTES * entries);
  }

  /// The entry with this id; null if it cannot be read any more, which is counted.
  @Nullable Entry find(long id) {
    Entry entry = context.outbox().find(id);
    if (entry == null) {
      release(1);
      context.outbox().lost(new Outbox.Target(appId, endpoint), id);
      String reason = "it cannot be read from the outbox any more";
      context.outcomes().on(new Observation.WebhookDropped(appId, endpoint, 1, reason));
    }
    return entry;
  }

  /// A request was sent.
  ///
  /// @param events of its body, JSON
  /// @param ms milliseconds until the answer
  void sent(String channel, List<String> events, HttpSender.Answer answer, long ms) {
    HttpSender.Failure failure = answer.failure();
    String reason = failure == null ? "" : failure.reason();
    context
        .outcomes()
        .on(
            new Observation.WebhookAttempted(
                appId,
                endpoint,
                channel,
                events,
                new Observation.WebhookAnswer(answer.status(), ms, reason)));
  }

  /// @param attempts how often the request was sent, this time included
  void accepted(List<Entry> entries, int attempts) {
    settle(entries, () -> context.outbox().delivered(entries));
    context
        .outcomes()
        .on(new Observation.WebhookDelivered(appId, endpoint, entries.size(), attempts));
  }

  /// Returns how often the entries were sent, this time included.
  int attempted(List<Entry> entries) {
    return context.outbox().attempted(entries);
  }

  /// @param delayMs until the next attempt
  void retried(int attempts, String reason, long delayMs) {
    context
        .outcomes()
        .on(new Observation.WebhookRetried(appId, endpoint, attempts, reason, delayMs));
  }

  void giveUp(List<Entry> entries, String reason) {
    long nowMs = context.wall().millis();
    settle(entries, () -> context.outbox().dead(entries, nowMs, reason));
    context.outcomes().on(new Observation.WebhookDead(appId, endpoint, entries.size(), reason));
  }

  /// Gives up entries, some at a time.
  void giveUp(IdQueue ids, String reason) {
    while (!ids.isEmpty()) {
      List<Entry> some = new ArrayList<>();
      while (!ids.isEmpty() && some.size() < SLICE) {
        Entry entry = find(ids.removeFirst());
        if (entry != null) {
          some.add(entry);
        }
      }
      if (!some.isEmpty()) {
        giveUp(some, reason);
      }
    }
  }

  /// Records in the outbox what became of entries. If that fails they are sent again after a
  /// restart; it must not delay those behind them.
  private void settle(List<Entry> entries, Runnable change) {
    try {
      change.run();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("the outbox failed; {} webhook events may be sent twice", entries.size(), e);
    } finally {
      release(entries.size());
    }
  }
}
