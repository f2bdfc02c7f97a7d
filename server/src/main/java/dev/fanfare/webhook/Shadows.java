package dev.fanfare.webhook;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Shadow;
import dev.fanfare.bus.BusMessage.ShadowsKept;
import dev.fanfare.bus.NodesView;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/// Lets the next node of each channel know which webhook events this one has accepted and not
/// delivered yet, so that it can continue should this one be killed.
///
/// For each app and node, one message is under way at a time, and is sent again until it is
/// answered. What is delivered before it was sent is never sent. Above the limits, additional
/// events are known to this node only. Any thread; never blocks.
final class Shadows {

  /// Events that other nodes know at most.
  static final int MAX_EVENTS = 10_000;

  /// Bytes of the events that no other node has confirmed yet.
  static final long MAX_WAITING_BYTES = 4 << 20;

  private static final int MAX_PART_BYTES = 48 << 10;
  private static final int MAX_PART_EVENTS = 100;
  private static final int MAX_EVENT_BYTES = 256 << 10;
  private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private record Receiver(String appId, long life) {}

  /// An event that another node knows, or will know soon.
  private record Known(String channel, Receiver receiver) {}

  /// What one node is sent about one app.
  private static final class Stream {
    private final Map<Long, Draft> waiting = new LinkedHashMap<>();
    private final Set<Long> ended = new LinkedHashSet<>();
    private BusMessage.@Nullable Shadows underWay;
    private long underWayBytes;
    private long sentNs;
  }

  private final ToLongBiFunction<String, String> successors;
  private final Consumer<BusMessage.Shadows> bus;

  // Guarded by this.
  private final Map<Receiver, Stream> streams = new HashMap<>();
  private final Map<Long, Known> known = new LinkedHashMap<>();

  /// Entries that another node is to know than before, and the one that knows them until the other
  /// one has answered.
  private final Map<Long, Receiver> movedFrom = new HashMap<>();

  private NodesView compared = NodesView.ALONE;
  private long waitingBytes;
  private long number;
  private long unshared;
  private long nowNs;

  /// @param successors the node that continues, by app and channel; 0 for none
  Shadows(ToLongBiFunction<String, String> successors, Consumer<BusMessage.Shadows> bus) {
    this.successors = successors;
    this.bus = bus;
  }

  /// Entries are pending, and are removed by [#ended] later.
  synchronized void accepted(List<Entry> entries) {
    Set<Receiver> receivers = new LinkedHashSet<>();
    for (Entry entry : entries) {
      Draft draft = entry.draft();
      int bytes = draft.bytes();
      long life = successors.applyAsLong(draft.appId(), draft.channel());
      boolean hasRoom =
          known.size() < MAX_EVENTS
              && waitingBytes + bytes <= MAX_WAITING_BYTES
              && bytes <= MAX_EVENT_BYTES;
      boolean isNew = life != 0 && !known.containsKey(entry.id());
      unshared += isNew && !hasRoom ? 1 : 0;
      if (isNew && hasRoom) {
        Receiver receiver = new Receiver(draft.appId(), life);
        known.put(entry.id(), new Known(draft.channel(), receiver));
        streams.computeIfAbsent(receiver, _ -> new Stream()).waiting.put(entry.id(), draft);
        waitingBytes += bytes;
        receivers.add(receiver);
      }
    }
    receivers.forEach(this::send);
  }

  /// Entries are not pending any more.
  synchronized void ended(List<Entry> entries) {
    Set<Receiver> receivers = new LinkedHashSet<>();
    for (Entry entry : entries) {
      Known ended = known.remove(entry.id());
      if (ended != null) {
        end(entry.id(), ended.receiver());
        receivers.add(ended.receiver());
      }
      endMoved(entry.id(), receivers);
    }
    receivers.forEach(this::send);
  }

  /// The node that knew an entry before another one need not know it any more.
  private void endMoved(long id, Set<Receiver> receivers) {
    Receiver before = movedFrom.remove(id);
    Known now = known.get(id);
    if (before != null && (now == null || !now.receiver().equals(before))) {
      end(id, before);
      receivers.add(before);
    }
  }

  private void end(long id, Receiver receiver) {
    Stream stream = streams.computeIfAbsent(receiver, _ -> new Stream());
    Draft unsent = stream.waiting.remove(id);
    if (unsent == null) {
      stream.ended.add(id);
    } else {
      waitingBytes -= unsent.bytes();
    }
  }

  private void send(Receiver receiver) {
    Stream stream = streams.get(receiver);
    if (stream == null || stream.underWay != null) {
      return;
    }
    if (stream.waiting.isEmpty() && stream.ended.isEmpty()) {
      streams.remove(receiver);
      return;
    }
    List<Shadow> added = new ArrayList<>();
    Iterator<Map.Entry<Long, Draft>> next = stream.waiting.entrySet().iterator();
    long bytes = 0;
    while (next.hasNext() && added.size() < MAX_PART_EVENTS) {
      Map.Entry<Long, Draft> one = next.next();
      if (!added.isEmpty() && bytes + one.getValue().bytes() > MAX_PART_BYTES) {
        break;
      }
      bytes += one.getValue().bytes();
      added.add(new Shadow(one.getKey(), HandOver.draft(one.getValue())));
      next.remove();
    }
    List<Long> ended = List.copyOf(stream.ended);
    stream.ended.clear();
    number++;
    stream.underWay =
        new BusMessage.Shadows(receiver.appId(), receiver.life(), number, added, ended);
    stream.underWayBytes = bytes;
    stream.sentNs = nowNs;
    bus.accept(stream.underWay);
  }

  /// Another node has answered.
  synchronized void receive(ShadowsKept answer) {
    Receiver receiver = new Receiver(answer.appId(), answer.node());
    Stream stream = streams.get(receiver);
    BusMessage.Shadows answered = stream == null ? null : stream.underWay;
    if (stream != null && answered != null && answered.number() == answer.number()) {
      Set<Receiver> receivers = new LinkedHashSet<>();
      receivers.add(receiver);
      for (Shadow shadow : answered.added()) {
        Known now = known.get(shadow.id());
        if (now != null && now.receiver().equals(receiver)) {
          endMoved(shadow.id(), receivers);
        }
      }
      stream.underWay = null;
      waitingBytes -= stream.underWayBytes;
      receivers.forEach(this::send);
    }
  }

  /// Sends again what was not answered. To be called regularly.
  ///
  /// @return ids of entries that another node should know than the one that does: the caller passes
  ///   those that are still pending to [#accepted] again
  synchronized List<Long> step(NodesView view, long now) {
    nowNs = now;
    List<Long> moved = List.of();
    if (!view.hasNodesOf(compared)) {
      compared = view;
      moved = move(view);
    }
    for (Stream stream : streams.values()) {
      BusMessage.Shadows underWay = stream.underWay;
      if (underWay != null && nowNs - stream.sentNs >= REPEAT_NS) {
        stream.sentNs = nowNs;
        bus.accept(underWay);
      }
    }
    return moved;
  }

  private List<Long> move(NodesView view) {
    streams
        .entrySet()
        .removeIf(entry -> {
          boolean isGone = !view.known().contains(entry.getKey().life());
          if (isGone) {
            Stream stream = entry.getValue();
            waitingBytes -= stream.underWay == null ? 0 : stream.underWayBytes;
            stream.waiting.values().forEach(draft -> waitingBytes -= draft.bytes());
          }
          return isGone;
        });
    movedFrom.values().removeIf(receiver -> !view.known().contains(receiver.life()));
    List<Long> moved = new ArrayList<>();
    Set<Receiver> receivers = new LinkedHashSet<>();
    known
        .entrySet()
        .removeIf(entry -> {
          Receiver receiver = entry.getValue().receiver();
          String channel = entry.getValue().channel();
          long life = successors.applyAsLong(receiver.appId(), channel);
          boolean isMoved = life != receiver.life();
          if (isMoved) {
            moved.add(entry.getKey());
            if (view.known().contains(receiver.life())) {
              leave(entry.getKey(), receiver, life != 0);
              receivers.add(receiver);
            }
          }
          return isMoved;
        });
    receivers.forEach(this::send);
    return moved;
  }

  /// Another node will know an entry. The one that does, if it does, keeps it until then.
  private void leave(long id, Receiver receiver, boolean hasNext) {
    Stream stream = streams.get(receiver);
    boolean isUnsent = stream != null && stream.waiting.containsKey(id);
    if (isUnsent || !hasNext || movedFrom.containsKey(id)) {
      end(id, receiver);
    } else {
      movedFrom.put(id, receiver);
    }
  }

  /// Sends at once what has ended, because this node says farewell: the others adopt what they
  /// believe to be pending.
  synchronized void flush() {
    streams.forEach((receiver, stream) -> {
      if (!stream.ended.isEmpty()) {
        number++;
        List<Long> ended = List.copyOf(stream.ended);
        stream.ended.clear();
        bus.accept(
            new BusMessage.Shadows(receiver.appId(), receiver.life(), number, List.of(), ended));
      }
    });
  }

  /// Events so far that no other node knows, because of the limits.
  synchronized long unshared() {
    return unshared;
  }

  /// Events that other nodes know, or will know soon.
  synchronized int size() {
    return known.size();
  }
}
