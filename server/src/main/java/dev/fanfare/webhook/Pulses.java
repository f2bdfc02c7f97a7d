package dev.fanfare.webhook;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Pulse;
import dev.fanfare.bus.BusMessage.PulsesAccepted;
import dev.fanfare.bus.NodesView;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.FairBytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/// Gives client events and cache misses to the coordinator of their channel, which reports them:
/// see [PulseIntake]. So the webhooks of a channel have one order, and one node decides what was
/// reported before.
///
/// For each app and node one part is under way, and is sent again until it is accepted. Until then
/// its events are kept here. When the coordinator is gone, they go to the next one. Events for
/// which there is no memory are reported by this node.
///
/// The thread of [Intake] calls [#forward] and [#step], the bus's thread [#receive].
final class Pulses {

  private static final int MAX_PART_BYTES = 48 << 10;
  private static final int MAX_PART_EVENTS = 100;

  /// A longer event is reported by this node: it might not fit into a datagram.
  private static final long MAX_EVENT_BYTES = 256 << 10;

  static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long MAX_REPEAT_NS = TimeUnit.SECONDS.toNanos(2);

  /// A node that can be heard, and accepts nothing for so long, is passed over.
  static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

  /// How long shutdown waits for the others.
  private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(2);

  private record Receiver(String appId, long life) implements Comparable<Receiver> {

    private static final Comparator<Receiver> ORDER =
        Comparator.comparing(Receiver::appId).thenComparing(Receiver::life);

    @Override
    public int compareTo(Receiver other) {
      return ORDER.compare(this, other);
    }
  }

  /// What one node is sent about one app.
  private static final class Stream {
    private final Queue<Fact> waiting = new ArrayDeque<>();
    private final List<Fact> underWay = new ArrayList<>();
    private BusMessage.@Nullable Pulses part;
    private long sentNs;
    private long repeatNs;

    /// Since when the node could have answered.
    private long silentSinceNs;
  }

  private final BooleanSupplier isSettled;
  private final ToLongBiFunction<String, String> coordinators;
  private final Bus bus;
  private final FairBytes<String> bytes;
  private final NanoClock clock;

  // Guarded by this.
  private final Map<Receiver, Stream> streams = new LinkedHashMap<>();
  private final Queue<Fact> undecided = new ArrayDeque<>();
  private NodesView compared = NodesView.ALONE;
  private boolean isClosed;
  private long number;
  private long unshared;

  /// @param isSettled false while this node does not know who coordinates: then events wait
  /// @param coordinators the node that reports, by app and channel
  /// @param bytes memory of the events that are not accepted yet, by app
  Pulses(
      BooleanSupplier isSettled,
      ToLongBiFunction<String, String> coordinators,
      Bus bus,
      FairBytes<String> bytes,
      NanoClock clock) {
    this.isSettled = isSettled;
    this.coordinators = coordinators;
    this.bus = bus;
    this.bytes = bytes;
    this.clock = clock;
  }

  /// Passes an event on, or returns false if this node has to report it.
  synchronized boolean forward(Fact fact) {
    boolean isPulse = fact.event() instanceof ClientEvent || fact.event() instanceof CacheMiss;
    if (!isPulse || fact.sender() != null || isClosed) {
      return false;
    }
    boolean isDecided = isSettled.getAsBoolean();
    long life = coordinator(fact);
    if (isDecided && life == bus.nodes().self()) {
      return false;
    }
    if (fact.bytes() > MAX_EVENT_BYTES || !bytes.reserve(fact.app().id(), fact.bytes())) {
      unshared++;
      return false;
    }
    if (isDecided) {
      add(life, fact);
    } else {
      undecided.add(fact);
    }
    return true;
  }

  private long coordinator(Fact fact) {
    return coordinators.applyAsLong(fact.app().id(), fact.event().channel());
  }

  private void add(long life, Fact fact) {
    Receiver receiver = new Receiver(fact.app().id(), life);
    streams.computeIfAbsent(receiver, _ -> new Stream()).waiting.add(fact);
    send(receiver);
  }

  private void send(Receiver receiver) {
    Stream stream = streams.get(receiver);
    if (stream == null || stream.part != null) {
      return;
    }
    long size = 0;
    for (Fact next = stream.waiting.peek();
        next != null && stream.underWay.size() < MAX_PART_EVENTS;
        next = stream.waiting.peek()) {
      size += next.bytes();
      if (size > MAX_PART_BYTES && !stream.underWay.isEmpty()) {
        break;
      }
      stream.underWay.add(stream.waiting.remove());
    }
    if (stream.underWay.isEmpty()) {
      streams.remove(receiver);
      return;
    }
    number++;
    stream.part =
        new BusMessage.Pulses(
            receiver.appId(),
            receiver.life(),
            number,
            stream.underWay.stream()
                .map(fact -> new Pulse(fact.createdMs(), fact.event()))
                .toList());
    stream.sentNs = clock.nanoTime();
    stream.silentSinceNs = stream.sentNs;
    stream.repeatNs = REPEAT_NS;
    bus.publish(stream.part);
  }

  /// Another node has accepted a part. Never blocks.
  synchronized void receive(PulsesAccepted answer) {
    Receiver receiver = new Receiver(answer.appId(), answer.node());
    Stream stream = streams.get(receiver);
    if (stream != null && stream.part != null && stream.part.number() == answer.number()) {
      stream.underWay.forEach(this::release);
      stream.underWay.clear();
      stream.part = null;
      send(receiver);
      notifyAll();
    }
  }

  private void release(Fact fact) {
    bytes.release(fact.app().id(), fact.bytes());
  }

  /// Sends again what was not accepted, and passes over nodes that accept nothing any more. To be
  /// called regularly.
  ///
  /// @param due receives the events that this node reports now
  void step(Consumer<Fact> due) {
    takeOwn().forEach(due);
  }

  private synchronized List<Fact> takeOwn() {
    NodesView view = bus.nodes();
    long nowNs = clock.nanoTime();
    List<Fact> own = new ArrayList<>();
    boolean isChanged = !view.hasNodesOf(compared);
    compared = view;
    List<Fact> moved = new ArrayList<>();
    if (isSettled.getAsBoolean()) {
      moved.addAll(undecided);
      undecided.clear();
    }
    Iterator<Map.Entry<Receiver, Stream>> next = streams.entrySet().iterator();
    while (next.hasNext()) {
      Map.Entry<Receiver, Stream> entry = next.next();
      Stream stream = entry.getValue();
      if (!view.isHearing() || view.missing() > 0) {
        stream.silentSinceNs = nowNs;
      }
      if (!view.known().contains(entry.getKey().life())) {
        moved.addAll(all(stream));
        next.remove();
      } else if (nowNs - stream.silentSinceNs >= PATIENCE_NS) {
        own.addAll(all(stream));
        next.remove();
      } else if (isChanged) {
        moved.addAll(stream.waiting);
        stream.waiting.clear();
      }
    }
    for (Fact fact : moved) {
      long life = coordinator(fact);
      if (life == view.self()) {
        own.add(fact);
      } else {
        add(life, fact);
      }
    }
    repeat(view, nowNs);
    own.forEach(this::release);
    return own;
  }

  private static List<Fact> all(Stream stream) {
    List<Fact> all = new ArrayList<>(stream.underWay);
    all.addAll(stream.waiting);
    return all;
  }

  /// While this node does not hear itself, a repetition would only wait behind the first message.
  private void repeat(NodesView view, long nowNs) {
    for (Stream stream : streams.values()) {
      if (stream.part != null && view.isHearing() && nowNs - stream.sentNs >= stream.repeatNs) {
        stream.sentNs = nowNs;
        stream.repeatNs = Math.min(2 * stream.repeatNs, MAX_REPEAT_NS);
        bus.publish(stream.part);
      }
    }
  }

  /// Waits a moment until the others have accepted everything. Called once, when [Intake] has
  /// ended. Blocks.
  ///
  /// @return what this node has to report after all
  synchronized List<Fact> close() {
    long untilNs = NanoClock.SYSTEM.nanoTime() + CLOSE_NS;
    try {
      long leftNs;
      while (!streams.isEmpty() && (leftNs = untilNs - NanoClock.SYSTEM.nanoTime()) > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(leftNs, REPEAT_NS));
        repeat(bus.nodes(), clock.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    isClosed = true;
    List<Fact> left = new ArrayList<>(undecided);
    undecided.clear();
    streams.values().forEach(stream -> left.addAll(all(stream)));
    streams.clear();
    left.forEach(this::release);
    return left;
  }

  /// Events that other nodes have to accept.
  synchronized int size() {
    return undecided.size()
        + streams.values().stream()
            .mapToInt(stream -> stream.underWay.size() + stream.waiting.size())
            .sum();
  }

  /// Events so far that this node reports because it had no room to keep them for another one.
  synchronized long unshared() {
    return unshared;
  }
}
