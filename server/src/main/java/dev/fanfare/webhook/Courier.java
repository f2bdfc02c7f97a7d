package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the events of one app to one of its endpoints, one request at a time: the next one waits
/// until the one before was taken or given up, which keeps the order of every channel. Has a thread
/// of its own, so an endpoint that is slow or dead keeps nobody else waiting.
final class Courier {

  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  /// Characters of JSON in one request, unless a single event has more. Many receivers refuse
  /// bodies of some hundred kilobytes.
  private static final int MOST_CHARS = 65_536;

  /// Put after the last entry when the courier is to end.
  private static final Outbox.Entry END =
      new Outbox.Entry(Long.MIN_VALUE, new Outbox.Draft("", "", "", 0, ""));

  /// What its entries are given up for when the endpoint is gone.
  static final String DISMISSED = "the endpoint is no longer configured";

  /// Where requests go and who signs them, as configured now. Its app's id and its endpoint's URL
  /// never change.
  record Receiver(App app, WebhookEndpoint endpoint) {

    String appId() {
      return app.id();
    }

    String url() {
      return endpoint.url();
    }
  }

  private final CourierContext context;
  private final BlockingQueue<Outbox.Entry> queue = new LinkedBlockingQueue<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final AtomicInteger pending = new AtomicInteger();
  private final Thread thread;

  private volatile Receiver receiver;
  private volatile boolean isDismissed;

  // Of the courier's own thread.
  private final Deque<Outbox.Entry> next = new ArrayDeque<>();
  private @Nullable String lastFailure;

  Courier(Receiver receiver, CourierContext context) {
    this.receiver = receiver;
    this.context = context;
    this.thread = Thread.ofVirtual().name("fanfare-courier").unstarted(this::run);
  }

  Courier start() {
    thread.start();
    return this;
  }

  /// Makes room for one more entry; false if too many wait already. Any thread.
  boolean reserve() {
    if (pending.incrementAndGet() <= context.options().maxPendingEvents()) {
      return true;
    }
    pending.decrementAndGet();
    return false;
  }

  /// Makes room for an entry that was accepted long ago, however many wait. Any thread.
  void reserveAnyway() {
    pending.incrementAndGet();
  }

  /// Gives back the room of an entry that will not come. Any thread.
  void release() {
    pending.decrementAndGet();
  }

  /// Puts an entry, for which there is room, at the end. Any thread.
  void send(Outbox.Entry entry) {
    queue.add(entry);
  }

  /// Delivers what is waiting as long as the endpoint takes it, then ends. Any thread.
  void end() {
    ending.countDown();
    queue.add(END);
  }

  /// Goes by another configuration of the same endpoint, from the next attempt on. Any thread.
  void serve(Receiver next) {
    receiver = next;
  }

  /// Gives up what waits, and ends. No entry may be sent after this. Any thread.
  void dismiss() {
    isDismissed = true;
    end();
  }

  /// True if it does nothing any more.
  boolean hasEnded() {
    return !thread.isAlive();
  }

  /// Waits for the end, but not longer than until `deadlineNs` of the system's clock.
  void join(long deadlineNs) throws InterruptedException {
    thread.join(Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime())));
  }

  private void run() {
    try {
      List<Outbox.Entry> batch = batch();
      while (!batch.isEmpty() && deliverAndContinue(batch)) {
        batch = batch();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts: the outbox may be on a disk, and an interrupt would close its file.
      log.error("interrupted on the way to an endpoint of app {}", receiver.appId(), e);
    }
  }

  /// A fault must not end the thread, or the endpoint would hear of nothing until a restart.
  private boolean deliverAndContinue(List<Outbox.Entry> batch) throws InterruptedException {
    try {
      return settleOrKeep(batch);
    } catch (RuntimeException e) {
      log.error("{} webhook events of app {} are stuck", batch.size(), receiver.appId(), e);
      return true;
    }
  }

  /// What goes into the next request, in order; empty if this is the end.
  private List<Outbox.Entry> batch() throws InterruptedException {
    Outbox.Entry entry = next.isEmpty() ? queue.take() : next.poll();
    WebhookOptions options = context.options();
    long windowNs = TimeUnit.MILLISECONDS.toNanos(options.batchWindowMilliseconds());
    long deadlineNs = context.monotonic().nanoTime() + windowNs;
    int most = windowNs == 0 ? 1 : options.maxBatchEvents();
    List<Outbox.Entry> batch = new ArrayList<>();
    int chars = 0;
    while (entry != null && entry.id() != END.id()) {
      chars += entry.draft().event().length();
      if (!batch.isEmpty() && chars > MOST_CHARS) {
        break;
      }
      batch.add(entry);
      entry = batch.size() < most ? poll(deadlineNs) : null;
    }
    if (entry != null && !batch.isEmpty()) {
      next.addFirst(entry);
    }
    return batch;
  }

  private Outbox.@Nullable Entry poll(long deadlineNs) throws InterruptedException {
    Outbox.Entry first = next.poll();
    long leftNs = deadlineNs - context.monotonic().nanoTime();
    return first == null ? queue.poll(leftNs, TimeUnit.NANOSECONDS) : first;
  }

  /// Delivers entries or gives them up. False if they stay in the outbox because this is the end.
  private boolean settleOrKeep(List<Outbox.Entry> entries) throws InterruptedException {
    if (isDismissed) {
      giveUp(entries, 0, DISMISSED);
      return true;
    }
    List<Outbox.Entry> young = new ArrayList<>();
    List<Outbox.Entry> old = new ArrayList<>();
    split(entries, young, old);
    if (!old.isEmpty()) {
      String why = lastFailure == null ? "" : "; the request before: " + lastFailure;
      giveUp(old, 0, "older than five minutes when its turn came" + why);
    }
    return young.isEmpty() || sendOrKeep(young);
  }

  private boolean sendOrKeep(List<Outbox.Entry> entries) throws InterruptedException {
    long timeMs = entries.getFirst().draft().createdMs();
    byte[] body = WebhookWriter.body(timeMs, entries.stream().map(e -> e.draft().event()).toList());
    for (int attempt = 1; ; attempt++) {
      lastFailure = context.sender().send(request(body));
      if (lastFailure == null) {
        settle(entries, () -> context.outbox().delivered(entries));
        context
            .outcomes()
            .webhookDelivered(receiver.appId(), receiver.url(), entries.size(), attempt);
        return true;
      }
      OptionalLong delayMs = context.schedule().delayMs(attempt, timeMs, context.wall().millis());
      if (delayMs.isEmpty()) {
        giveUpOld(entries, attempt, lastFailure);
        return true;
      }
      context.outcomes().webhookRetried(receiver.appId(), receiver.url(), attempt, lastFailure);
      boolean isEnded = context.pause().await(delayMs.getAsLong(), ending);
      if (isDismissed) {
        giveUp(entries, attempt, DISMISSED + "; the last attempt: " + lastFailure);
        return true;
      }
      if (isEnded) {
        return false;
      }
    }
  }

  /// The request is past saving, but not every event in it: the younger ones get a new request.
  private void giveUpOld(List<Outbox.Entry> entries, int attempts, String failure) {
    List<Outbox.Entry> young = new ArrayList<>();
    List<Outbox.Entry> old = new ArrayList<>();
    split(entries, young, old);
    young.reversed().forEach(next::addFirst);
    giveUp(old, attempts, failure);
  }

  private void split(List<Outbox.Entry> entries, List<Outbox.Entry> young, List<Outbox.Entry> old) {
    long nowMs = context.wall().millis();
    for (Outbox.Entry entry : entries) {
      (context.schedule().isOver(entry.draft().createdMs(), nowMs) ? old : young).add(entry);
    }
  }

  private void giveUp(List<Outbox.Entry> entries, int attempts, String reason) {
    long nowMs = context.wall().millis();
    settle(entries, () -> context.outbox().dead(entries, nowMs, attempts, reason));
    context.outcomes().webhookDead(receiver.appId(), receiver.url(), entries.size(), reason);
  }

  /// Tells the outbox what became of entries. If it fails they are sent again after a restart; that
  /// must not keep those behind them waiting.
  private void settle(List<Outbox.Entry> entries, Runnable tell) {
    try {
      tell.run();
    } catch (RuntimeException e) {
      log.error("the outbox failed; {} webhook events may be sent twice", entries.size(), e);
    } finally {
      pending.addAndGet(-entries.size());
    }
  }

  /// Made anew for each attempt, of the same bytes: a secret or a header may have been changed
  /// because it was why the attempt before failed.
  private HttpRequest request(byte[] body) {
    Receiver to = receiver;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.url()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            // Exactly so: the SDK for Node refuses a charset.
            .setHeader("Content-Type", "application/json")
            .setHeader("X-Pusher-Key", to.app().key())
            .setHeader("X-Pusher-Signature", to.app().secret().signature().sign(body));
    to.endpoint().headers().forEach((name, value) -> request.setHeader(name, value.reveal()));
    return request.build();
  }
}
