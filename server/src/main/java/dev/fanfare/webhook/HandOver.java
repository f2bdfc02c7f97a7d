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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private final Outbox outbox;
  private final ToLongBiFunction<String, String> successors;
  private final Consumer<Undelivered> bus;
  private final NanoClock clock;
  private final BlockingQueue<TakenOver> answers = new ArrayBlockingQueue<>(MAX_ANSWERS);

  // Confined to the thread of run().
  private final Set<Long> silent = new HashSet<>();
  private final Set<Target> refused = new HashSet<>();
  private long untilNs;
  private long number;
  private int handedOver;

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
    untilNs = clock.nanoTime() + MAX_NS;
    outbox.forEachPending(this::handOver);
    if (handedOver > 0) {
      log.info(
          "{} undelivered webhook events were handed over to other nodes, {} were not",
          handedOver,
          outbox.counts().pending());
    }
  }

  private void handOver(List<Entry> entries) {
    Map<Successor, List<Entry>> parts = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Draft draft = entry.draft();
      long life = successors.applyAsLong(draft.appId(), draft.channel());
      if (life != 0 && draft.bytes() <= MAX_EVENT_BYTES && !refused.contains(draft.target())) {
        Successor successor = new Successor(draft.appId(), life);
        List<Entry> part = parts.computeIfAbsent(successor, _ -> new ArrayList<>());
        if (bytes(part) + draft.bytes() > MAX_PART_BYTES) {
          send(successor, part);
          part.clear();
        }
        part.add(entry);
      }
    }
    parts.forEach(this::send);
  }

  private static long bytes(List<Entry> entries) {
    return entries.stream().mapToLong(entry -> entry.draft().bytes()).sum();
  }

  private void send(Successor to, List<Entry> entries) {
    if (entries.isEmpty() || silent.contains(to.life())) {
      return;
    }
    number++;
    List<WebhookDraft> drafts = entries.stream().map(Entry::draft).map(HandOver::draft).toList();
    TakenOver answer = ask(new Undelivered(to.appId(), to.life(), number, drafts));
    if (answer == null) {
      silent.add(to.life()); // a later part must not overtake this one
      return;
    }
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

  /// Returns null if there is no answer.
  private @Nullable TakenOver ask(Undelivered part) {
    long giveUpNs = Math.min(untilNs, clock.nanoTime() + PATIENCE_NS);
    while (clock.nanoTime() < giveUpNs) {
      bus.accept(part);
      TakenOver answer = await(part, Math.min(giveUpNs, clock.nanoTime() + REPEAT_NS));
      if (answer != null) {
        return answer;
      }
    }
    return null;
  }

  private @Nullable TakenOver await(Undelivered part, long deadlineNs) {
    try {
      long leftNs;
      while ((leftNs = deadlineNs - clock.nanoTime()) > 0) {
        TakenOver answer = answers.poll(leftNs, TimeUnit.NANOSECONDS);
        if (answer != null && answer.node() == part.node() && answer.number() == part.number()) {
          return answer;
        }
      }
    } catch (InterruptedException e) {
      untilNs = clock.nanoTime();
      Thread.currentThread().interrupt();
    }
    return null;
  }
}
