package dev.fanfare.webhook;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.protocol.WebhookWriter;
import dev.fanfare.webhook.BlockedChannels.Blocked;
import dev.fanfare.webhook.Outbox.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Delivers events of one app to one of its endpoints, one request at a time, which keeps the order
/// of every channel across retries. Has its own thread, so a slow or dead endpoint does not delay
/// any other.
///
/// A request that the endpoint refuses twice is halved until the refused events are alone. Such an
/// event blocks its own channel until it is accepted or too old; other channels go on. If the
/// endpoint refuses everything, the attempts become as rare as for one event.
final class Courier {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Refusals of a request before it is halved; its halves have one.
  private static final int REFUSALS_BEFORE_SPLIT = 2;

  /// Events refused on their own in a row before the courier slows down: one bad event says nothing
  /// about the next one.
  private static final int REFUSALS_AT_FULL_SPEED = 1;

  /// When a blocked channel is tried again after a fault in this process, milliseconds.
  private static final long FAULT_DELAY_MS = 60_000;

  /// How long the thread pauses after a fault that concerns no batch, milliseconds.
  private static final long FAULT_PAUSE_MS = 1_000;

  /// The reason for giving up entries whose endpoint is gone.
  static final String DISMISSED = "the endpoint is no longer configured";

  private static final String TOO_OLD = "older than five minutes when its turn came";

  private final CourierContext context;
  private final Backlog backlog;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final AtomicInteger pending = new AtomicInteger();
  private final Thread thread;

  private volatile Receiver receiver;
  private volatile boolean isDismissed;

  // Confined to the courier's thread.
  private final BlockedChannels blocked = new BlockedChannels();
  private final Deque<List<Entry>> pieces = new ArrayDeque<>();
  private @Nullable String lastFailure;
  private boolean wasBlockedChannel;
  private int refusedInARow;
  private long pausedUntilMs;

  Courier(Receiver receiver, CourierContext context) {
    this.receiver = receiver;
    this.context = context;
    this.backlog = new Backlog(context);
    this.thread = Thread.ofVirtual().name("fanfare-courier").unstarted(this::run);
  }

  Courier start() {
    thread.start();
    return this;
  }

  /// Reserves room for one more entry; false if too many wait already. Any thread.
  boolean reserve() {
    if (pending.incrementAndGet() <= context.options().maxPendingEvents()) {
      return true;
    }
    pending.decrementAndGet();
    return false;
  }

  /// Reserves room for an entry that was accepted earlier, however many wait. Any thread.
  void reserveAnyway() {
    pending.incrementAndGet();
  }

  /// Releases the room of an entry that will not be sent. Any thread.
  void release() {
    pending.decrementAndGet();
  }

  /// Appends an entry for which room is reserved. Any thread.
  void send(Entry entry) {
    backlog.add(entry);
  }

  /// Delivers what is waiting as long as the endpoint accepts it, then stops. Any thread.
  void end() {
    ending.countDown();
    backlog.close();
  }

  /// Replaces the configuration of the endpoint, from the next attempt on. Any thread.
  void serve(Receiver next) {
    receiver = next;
  }

  /// Gives up what waits, and stops. No entry may be sent after this. Any thread.
  void dismiss() {
    isDismissed = true;
    end();
  }

  boolean hasEnded() {
    return !thread.isAlive();
  }

  /// Waits until the courier has stopped, at most until `deadlineNs` of [System#nanoTime].
  void join(long deadlineNs) throws InterruptedException {
    thread.join(Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime())));
  }

  private void run() {
    try {
      boolean isRunning = true;
      while (isRunning) {
        isRunning = stepSafely();
      }
      if (isDismissed && !blocked.isEmpty()) {
        giveUp(blocked.removeAll(), DISMISSED);
      }
    } catch (InterruptedException e) {
      // Not expected: the outbox may be on a disk, and an interrupt would close its file.
      log.error("interrupted while sending webhooks of app {}", receiver.appId(), e);
    }
  }

  /// A fault must not stop the thread, or the endpoint would get nothing until a restart.
  private boolean stepSafely() throws InterruptedException {
    try {
      return step();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("failed to send webhooks of app {}, will retry", receiver.appId(), e);
      return !context.pause().await(FAULT_PAUSE_MS, ending);
    }
  }

  /// Sends one request, or waits for something to send. Returns false if there will be nothing more
  /// to send.
  private boolean step() throws InterruptedException {
    long nowMs = context.wall().millis();
    boolean hasNew = !pieces.isEmpty() || !backlog.isEmpty();
    boolean isPaused = nowMs < pausedUntilMs && !isDismissed;
    // Blocked channels and new events alternate, so that neither delays the other.
    if (!isDismissed && (!wasBlockedChannel || !hasNew || isPaused)) {
      Blocked due = blocked.takeDue(nowMs);
      if (due != null) {
        wasBlockedChannel = true;
        retry(due);
        return true;
      }
    }
    wasBlockedChannel = false;
    if (hasNew && isPaused) {
      long untilMs = Math.min(pausedUntilMs, blocked.nextDueMs());
      // At shutdown, what is left stays in the outbox.
      return !context.pause().await(untilMs - nowMs, ending) || isDismissed;
    }
    if (!hasNew && !blocked.isEmpty()) {
      backlog.awaitArrival(Math.max(0, blocked.nextDueMs() - nowMs));
      return true;
    }
    return sendNew();
  }

  private boolean sendNew() throws InterruptedException {
    boolean isPiece = !pieces.isEmpty();
    List<Entry> all = isPiece ? pieces.remove() : backlog.take();
    if (all.isEmpty()) {
      return false;
    }
    List<Entry> batch = blocked.withhold(all);
    try {
      return deliverOrKeep(batch, isPiece ? 1 : REFUSALS_BEFORE_SPLIT);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      // A fault must not stop the thread, or the endpoint would get nothing until a restart.
      log.error("failed to process {} webhook events of app {}", batch.size(), receiver.appId(), e);
      return true;
    }
  }

  /// Delivers entries, gives them up or blocks their channels. Returns false if they stay in the
  /// outbox because the server shuts down.
  private boolean deliverOrKeep(List<Entry> entries, int refusalsAllowed)
      throws InterruptedException {
    if (isDismissed) {
      giveUp(entries, DISMISSED);
      return true;
    }
    List<Entry> young = new ArrayList<>();
    List<Entry> old = new ArrayList<>();
    partition(entries, young, old);
    if (!old.isEmpty()) {
      giveUp(old, tooOld(lastFailure));
    }
    return young.isEmpty() || sendOrKeep(young, refusalsAllowed);
  }

  private boolean sendOrKeep(List<Entry> entries, int refusalsAllowed) throws InterruptedException {
    int failed = 0;
    int refusals = 0;
    byte[] body = body(entries);
    for (int attempt = 1; ; attempt++) {
      HttpSender.Failure failure = context.sender().send(receiver.request(body));
      if (failure == null) {
        accepted(entries, failed + 1);
        return true;
      }
      lastFailure = failure.reason();
      failed = attempted(entries);
      if (!failure.isUnavailable()) {
        refusals++;
        if (entries.size() == 1 || refusals >= refusalsAllowed) {
          split(entries, failed, failure.reason());
          return true;
        }
      }
      OptionalLong delayMs = delayMs(attempt, entries.getFirst());
      if (delayMs.isEmpty()) {
        giveUpOld(entries, failure.reason());
        return true;
      }
      retried(failed, failure.reason());
      boolean isEnded = context.pause().await(delayMs.getAsLong(), ending);
      if (isDismissed) {
        giveUp(entries, DISMISSED + "; the last attempt: " + failure.reason());
        return true;
      }
      if (isEnded) {
        return false;
      }
    }
  }

  /// Halves a refused request, or blocks the channel of a refused event.
  private void split(List<Entry> entries, int failed, String reason) {
    if (entries.size() > 1) {
      retried(failed, reason);
      int half = entries.size() / 2;
      pieces.addFirst(entries.subList(half, entries.size()));
      pieces.addFirst(entries.subList(0, half));
      return;
    }
    long nowMs = context.wall().millis();
    refusedInARow++;
    if (refusedInARow > REFUSALS_AT_FULL_SPEED) {
      int attempts = refusedInARow - REFUSALS_AT_FULL_SPEED;
      pausedUntilMs = nowMs + context.schedule().delayMs(attempts, nowMs, nowMs).orElse(0);
    }
    OptionalLong delayMs = delayMs(1, entries.getFirst());
    if (delayMs.isEmpty()) {
      giveUp(entries, reason);
    } else {
      blocked.block(entries.getFirst(), reason, nowMs + delayMs.getAsLong());
      retried(failed, reason);
    }
  }

  /// Tries the first event of a blocked channel again.
  private void retry(Blocked channel) throws InterruptedException {
    long dueMs = context.wall().millis() + FAULT_DELAY_MS;
    try {
      giveUpOld(channel);
      dueMs = channel.entries().isEmpty() ? dueMs : sendFirst(channel);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("failed to process a blocked channel of app {}", receiver.appId(), e);
    }
    if (channel.entries().isEmpty()) {
      blocked.remove(channel);
    } else {
      blocked.schedule(channel, dueMs);
    }
  }

  /// Returns when the channel is due again, unless it has no entries any more.
  private long sendFirst(Blocked channel) throws InterruptedException {
    Entry entry = channel.first();
    List<Entry> alone = List.of(entry);
    HttpSender.Failure failure = context.sender().send(receiver.request(body(alone)));
    if (failure == null) {
      channel.removeFirst();
      accepted(alone, context.outbox().attempts(entry.id()) + 1);
      backlog.putBack(List.copyOf(channel.entries()));
      channel.entries().clear();
      return 0;
    }
    channel.refused(failure.reason());
    int failed = attempted(alone);
    OptionalLong delayMs = delayMs(channel.refusals(), entry);
    if (delayMs.isEmpty()) {
      channel.removeFirst();
      giveUp(alone, failure.reason());
      return 0;
    }
    retried(failed, failure.reason());
    return context.wall().millis() + delayMs.getAsLong();
  }

  /// Entries that were refused before have their last attempt first.
  private void giveUpOld(Blocked channel) {
    List<Entry> old = new ArrayList<>();
    while (!channel.entries().isEmpty() && channel.refusals() == 0 && isOld(channel.first())) {
      old.add(channel.first());
      channel.removeFirst();
    }
    if (!old.isEmpty()) {
      giveUp(old, tooOld(channel.reason()));
    }
  }

  private static String tooOld(@Nullable String failure) {
    return failure == null ? TOO_OLD : TOO_OLD + "; the previous request: " + failure;
  }

  /// The request is too old for another attempt, but perhaps not every event in it: the younger
  /// ones get a new request.
  private void giveUpOld(List<Entry> entries, String failure) {
    List<Entry> young = new ArrayList<>();
    List<Entry> old = new ArrayList<>();
    partition(entries, young, old);
    backlog.putBack(young);
    giveUp(old, failure);
  }

  private void partition(List<Entry> entries, List<Entry> young, List<Entry> old) {
    entries.forEach(entry -> (isOld(entry) ? old : young).add(entry));
  }

  private boolean isOld(Entry entry) {
    return context.schedule().isOver(entry.draft().createdMs(), context.wall().millis());
  }

  private OptionalLong delayMs(int attempts, Entry first) {
    long nowMs = context.wall().millis();
    return context.schedule().delayMs(attempts, first.draft().createdMs(), nowMs);
  }

  private static byte[] body(List<Entry> entries) {
    long timeMs = entries.getFirst().draft().createdMs();
    return WebhookWriter.body(timeMs, entries.stream().map(e -> e.draft().event()).toList());
  }

  /// @param attempts how often the request was sent, this time included
  private void accepted(List<Entry> entries, int attempts) {
    refusedInARow = 0;
    pausedUntilMs = 0;
    settle(entries, () -> context.outbox().delivered(entries));
    context
        .outcomes()
        .webhookDelivered(receiver.appId(), receiver.target(), entries.size(), attempts);
  }

  private int attempted(List<Entry> entries) {
    return context.outbox().attempted(entries);
  }

  private void retried(int attempts, String reason) {
    context.outcomes().webhookRetried(receiver.appId(), receiver.target(), attempts, reason);
  }

  private void giveUp(List<Entry> entries, String reason) {
    long nowMs = context.wall().millis();
    settle(entries, () -> context.outbox().dead(entries, nowMs, reason));
    context.outcomes().webhookDead(receiver.appId(), receiver.target(), entries.size(), reason);
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
      pending.addAndGet(-entries.size());
    }
  }
}
