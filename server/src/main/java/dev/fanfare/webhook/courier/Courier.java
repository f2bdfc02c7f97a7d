package dev.fanfare.webhook.courier;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.WebhookWriter;
import dev.fanfare.webhook.courier.BlockedChannels.Blocked;
import dev.fanfare.webhook.outbox.IdQueue;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
  private final CourierQueue backlog;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Settlement settlement;
  private final Thread thread;

  private volatile Receiver receiver;
  private volatile boolean isDismissed;

  // Confined to the courier's thread.
  private final EventAge age;
  private final BlockedChannels blocked = new BlockedChannels();
  private final Deque<List<Entry>> pieces = new ArrayDeque<>();
  private @Nullable String lastFailure;
  private boolean wasBlockedChannel;
  private int refusedInARow;
  private long pausedUntilMs;

  Courier(Receiver receiver, CourierContext context) {
    this.receiver = receiver;
    this.context = context;
    this.age = new EventAge(context.wall(), context.monotonic());
    this.settlement = new Settlement(context, receiver);
    this.backlog = new CourierQueue(context, settlement::find);
    this.thread = Thread.ofVirtual().name("fanfare-courier").unstarted(this::run);
  }

  Courier start() {
    thread.start();
    return this;
  }

  /// Room for entries, and what becomes of them.
  Settlement settlement() {
    return settlement;
  }

  /// Appends an entry of the outbox for which room is reserved. Any thread.
  void send(long id) {
    backlog.add(id);
  }

  /// The same for an entry of another node, which is older than those that wait. Any thread.
  void sendInherited(long id) {
    backlog.addInherited(id);
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

  /// Waits until the courier has stopped, at most until `deadlineNs` of [NanoClock#SYSTEM].
  void join(long deadlineNs) throws InterruptedException {
    thread.join(Duration.ofNanos(Math.max(1, deadlineNs - NanoClock.SYSTEM.nanoTime())));
  }

  private void run() {
    try {
      boolean isRunning = true;
      while (isRunning) {
        isRunning = stepSafely();
      }
      if (isDismissed && !blocked.isEmpty()) {
        settlement.giveUp(blocked.removeAll(), DISMISSED);
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
      settlement.giveUp(entries, DISMISSED);
      return true;
    }
    List<Entry> young = new ArrayList<>();
    List<Entry> old = new ArrayList<>();
    partition(entries, young, old);
    if (!old.isEmpty()) {
      settlement.giveUp(old, tooOld(lastFailure));
    }
    return young.isEmpty() || sendOrKeep(young, refusalsAllowed);
  }

  private boolean sendOrKeep(List<Entry> entries, int refusalsAllowed) throws InterruptedException {
    int failed = 0;
    int refusals = 0;
    for (int attempt = 1; ; attempt++) {
      HttpSender.Failure failure = send(entries);
      if (failure == null) {
        accepted(entries, failed + 1);
        return true;
      }
      lastFailure = failure.reason();
      failed = settlement.attempted(entries);
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
      settlement.retried(failed, failure.reason(), delayMs.getAsLong());
      boolean isEnded = context.pause().await(delayMs.getAsLong(), ending);
      if (isDismissed) {
        settlement.giveUp(entries, DISMISSED + "; the last attempt: " + failure.reason());
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
      settlement.retried(failed, reason, 0);
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
      settlement.giveUp(entries, reason);
    } else {
      blocked.block(entries.getFirst(), reason, nowMs + delayMs.getAsLong());
      settlement.retried(failed, reason, delayMs.getAsLong());
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
    Entry entry = settlement.find(channel.first());
    if (entry == null) {
      channel.removeFirst();
      return 0;
    }
    List<Entry> alone = List.of(entry);
    HttpSender.Failure failure = send(alone);
    if (failure == null) {
      channel.removeFirst();
      accepted(alone, context.outbox().attempts(entry.id()) + 1);
      backlog.putBack(channel.entries());
      return 0;
    }
    channel.refused(failure.reason());
    int failed = settlement.attempted(alone);
    OptionalLong delayMs = delayMs(channel.refusals(), entry);
    if (delayMs.isEmpty()) {
      channel.removeFirst();
      settlement.giveUp(alone, failure.reason());
      return 0;
    }
    settlement.retried(failed, failure.reason(), delayMs.getAsLong());
    return context.wall().millis() + delayMs.getAsLong();
  }

  /// Entries that were refused before have their last attempt first.
  private void giveUpOld(Blocked channel) {
    List<Entry> old = new ArrayList<>();
    boolean isYoung = false;
    while (!isYoung && !channel.entries().isEmpty() && channel.refusals() == 0) {
      Entry first = settlement.find(channel.first());
      isYoung = first != null && !isOld(first);
      if (!isYoung) {
        channel.removeFirst();
      }
      if (first != null && !isYoung) {
        old.add(first);
      }
      if (old.size() == Settlement.SLICE) {
        settlement.giveUp(old, tooOld(channel.reason()));
        old.clear();
      }
    }
    if (!old.isEmpty()) {
      settlement.giveUp(old, tooOld(channel.reason()));
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
    IdQueue ids = new IdQueue();
    young.forEach(entry -> ids.addLast(entry.id()));
    backlog.putBack(ids);
    settlement.giveUp(old, failure);
  }

  private void partition(List<Entry> entries, List<Entry> young, List<Entry> old) {
    entries.forEach(entry -> (isOld(entry) ? old : young).add(entry));
  }

  private boolean isOld(Entry entry) {
    return context
        .schedule()
        .isOver(age.sinceMs(entry.draft().createdMs()), context.wall().millis());
  }

  private OptionalLong delayMs(int attempts, Entry first) {
    long nowMs = context.wall().millis();
    return context.schedule().delayMs(attempts, age.sinceMs(first.draft().createdMs()), nowMs);
  }

  /// Sends one request; returns null if it was accepted.
  private HttpSender.@Nullable Failure send(List<Entry> entries) throws InterruptedException {
    Outbox.Draft first = entries.getFirst().draft();
    List<String> events = entries.stream().map(entry -> entry.draft().event()).toList();
    byte[] body = WebhookWriter.body(first.createdMs(), events);
    long startedNs = context.monotonic().nanoTime();
    HttpSender.Answer answer = context.sender().send(receiver.request(body));
    long ms = TimeUnit.NANOSECONDS.toMillis(context.monotonic().nanoTime() - startedNs);
    settlement.sent(first.channel(), events, answer, ms);
    return answer.failure();
  }

  private void accepted(List<Entry> entries, int attempts) {
    refusedInARow = 0;
    pausedUntilMs = 0;
    settlement.accepted(entries, attempts);
  }
}
