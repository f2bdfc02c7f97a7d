package dev.fanfare.webhook;

import dev.fanfare.bus.BusMessage.TakenOver;
import dev.fanfare.bus.BusMessage.Undelivered;
import dev.fanfare.bus.BusMessage.WebhookDraft;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outbox.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Hands over what a node that shuts down has not delivered, to the nodes that continue with its
/// channels.
///
/// One part is under way at a time, and is sent again until it is answered. What was accepted by
/// the other node is removed here; everything else stays in the outbox. So if the answer does not
/// arrive, at most one part is delivered by both nodes.
final class HandOver {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// An estimate of what a part takes in a datagram. A longer event goes alone.
  private static final int MAX_PART_BYTES = 48 << 10;

  /// A longer event stays: it might not fit into a datagram.
  private static final int MAX_EVENT_BYTES = 256 << 10;

  private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(300);

  /// A node that has not answered for so long is not asked again.
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

  /// The whole hand-over takes no longer.
  private static final long MAX_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int MAX_ANSWERS = 16;

  private record Successor(String appId, long life) {}

  /// Events that go to one node together.
  private record Part(Successor to, List<Entry> entries) {}

  private final Outbox outbox;
  private final ToLongBiFunction<String, String> successors;
  private final Consumer<Undelivered> bus;
  private final NanoClock clock;
  private final BlockingQueue<TakenOver> answers = new ArrayBlockingQueue<>(MAX_ANSWERS);

  // Confined to the thread of run() or step().
  private final Queue<Part> parts = new ArrayDeque<>();
  private final Set<Long> silent = new HashSet<>();
  private final Set<Target> refused = new HashSet<>();
  private @Nullable Part underWay;
  private @Nullable Undelivered message;
  private long untilNs;
  private long giveUpNs;
  private long sentNs;
  private long lastId = -1;
  private long number;
  private int handedOver;
  private boolean isStarted;

  /// @param successors the node that continues, by app and channel; 0 for none
  /// @param clock of this machine
  HandOver(
      Outbox outbox,
      ToLongBiFunction<String, String> successors,
      Consumer<Undelivered> bus,
      NanoClock clock) {
    this.outbox = outbox;
    this.successors = successors;
    this.bus = bus;
    this.clock = clock;
  }

  /// Another node has answered. Never blocks.
  void receive(TakenOver answer) {
    var _ = answers.offer(answer); // if there are too many, the part is sent again
  }

  /// Hands over what is pending. Called once, when this node delivers nothing any more. Blocks for
  /// a few seconds at most.
  void run() {
    try {
      while (!step()) {
        TakenOver answer = answers.poll(waitNs(), TimeUnit.NANOSECONDS);
        if (answer != null) {
          accept(answer);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How long there is nothing to do unless an answer arrives.
  private long waitNs() {
    return Math.max(0, Math.min(giveUpNs, sentNs + REPEAT_NS) - clock.nanoTime());
  }

  /// Does what is due: accepts answers, and sends the next part, or the same one again. To be
  /// called until it returns true, whenever an answer arrives or time has passed. May block on the
  /// outbox, but waits for no answer.
  ///
  /// @return true if there is nothing left to do
  boolean step() {
    if (!isStarted) {
      isStarted = true;
      untilNs = clock.nanoTime() + MAX_NS;
    }
    boolean isSent;
    do {
      isSent = false;
      acceptAll();
      if (isOverdue()) {
        underWay = null;
      }
      if (underWay == null) {
        isSent = begin();
      } else if (clock.nanoTime() - sentNs >= REPEAT_NS) {
        isSent = true;
        send();
      }
    } while (isSent);
    if (underWay == null && handedOver > 0) {
      log.info(
          "{} undelivered webhook events were handed over to other nodes, {} were not",
          handedOver,
          outbox.counts().pending());
    }
    return underWay == null;
  }

  private boolean isOverdue() {
    if (underWay == null || clock.nanoTime() < giveUpNs) {
      return false;
    }
    silent.add(underWay.to().life()); // a later part must not overtake this one
    return true;
  }

  /// Sends the next part; false if there is none, or no time.
  private boolean begin() {
    Part next = nextPart();
    long nowNs = clock.nanoTime();
    if (next == null || nowNs >= untilNs) {
      return false;
    }
    number++;
    List<WebhookDraft> drafts =
        next.entries().stream().map(Entry::draft).map(HandOver::draft).toList();
    underWay = next;
    message = new Undelivered(next.to().appId(), next.to().life(), number, drafts);
    giveUpNs = Math.min(untilNs, nowNs + PATIENCE_NS);
    send();
    return true;
  }

  private void send() {
    sentNs = clock.nanoTime();
    bus.accept(Objects.requireNonNull(message));
  }

  /// The next part of which something may be sent; null if there is none.
  private @Nullable Part nextPart() {
    while (true) {
      for (Part part = parts.poll(); part != null; part = parts.poll()) {
        List<Entry> allowed =
            part.entries().stream()
                .filter(entry -> !refused.contains(entry.draft().target()))
                .toList();
        if (!allowed.isEmpty() && !silent.contains(part.to().life())) {
          return new Part(part.to(), allowed);
        }
      }
      List<Entry> slice = outbox.pending(lastId);
      if (slice.isEmpty()) {
        return null;
      }
      lastId = slice.getLast().id();
      divide(slice);
    }
  }

  private void divide(List<Entry> entries) {
    Map<Successor, List<Entry>> open = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Draft draft = entry.draft();
      long life = successors.applyAsLong(draft.appId(), draft.channel());
      if (life != 0 && draft.bytes() <= MAX_EVENT_BYTES) {
        Successor successor = new Successor(draft.appId(), life);
        List<Entry> part = open.computeIfAbsent(successor, _ -> new ArrayList<>());
        if (bytes(part) + draft.bytes() > MAX_PART_BYTES && !part.isEmpty()) {
          parts.add(new Part(successor, List.copyOf(part)));
          part.clear();
        }
        part.add(entry);
      }
    }
    open.forEach((successor, part) -> parts.add(new Part(successor, part)));
  }

  private static long bytes(List<Entry> entries) {
    return entries.stream().mapToLong(entry -> entry.draft().bytes()).sum();
  }

  private void acceptAll() {
    for (TakenOver answer = answers.poll(); answer != null; answer = answers.poll()) {
      accept(answer);
    }
  }

  private void accept(TakenOver answer) {
    Part part = underWay;
    if (part == null || answer.node() != part.to().life() || answer.number() != number) {
      return;
    }
    underWay = null;
    List<Entry> entries = part.entries();
    List<Entry> taken =
        answer.taken().stream()
            .filter(index -> index < entries.size())
            .distinct()
            .map(entries::get)
            .toList();
    List<Entry> left = new ArrayList<>(entries);
    left.removeAll(taken);
    left.forEach(entry -> refused.add(entry.draft().target()));
    outbox.handedOver(taken);
    handedOver += taken.size();
  }

  /// The event as other nodes may know it.
  static WebhookDraft draft(Draft draft) {
    return new WebhookDraft(
        EndpointHash.of(draft.appId(), draft.endpoint()),
        draft.channel(),
        draft.createdMs(),
        draft.event());
  }
}
