package dev.fanfare.channel.lane;

import dev.fanfare.history.EventId;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.observe.HeapExhaustion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The subscriptions of one lane to which kept events are replayed, served in turn: one write each,
/// then the next one. Confined to the lane.
///
/// Subscribers that are at the same position share the bytes of a block: many who come back at once
/// need few of them. They are kept until no client can be served, at most [#MAX_SHARED_BYTES] of
/// them.
final class CatchUps {

  /// Heap bytes of the events whose frames are kept; the frames of one turn may exceed it. Frames
  /// exist in two forms if some subscribers use compression.
  static final int MAX_SHARED_BYTES = 4 << 20;

  private record Entry(CatchUp catchUp, Audience audience) {}

  /// A block of one channel: these events, and none that was dropped from between them.
  private record Key(Audiences channel, EventId first, EventId last, int events)
      implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::first).thenComparing(Key::last).thenComparingInt(Key::events);

    /// Not consistent with equals: keys of several channels may be equal here.
    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /// The frames of a block.
  private record Block(Frames frames, long bytes) {}

  private final Runnable wake;
  private final ArrayDeque<Entry> round = new ArrayDeque<>();

  /// Frames of blocks, those that were made first at the front.
  private final SequencedMap<Key, Block> blocks = new LinkedHashMap<>();

  private long blockBytes;

  /// Frames of this turn, by their message.
  private final Map<Outbound, Frames> others = new HashMap<>();

  /// @param wake schedules a turn of the lane
  CatchUps(Runnable wake) {
    this.wake = wake;
  }

  /// True if none can be served now.
  boolean isEmpty() {
    return round.isEmpty();
  }

  void add(CatchUp catchUp, Audience audience) {
    round.add(new Entry(catchUp, audience));
    wake.run();
  }

  /// Makes at most that many writes.
  ///
  /// @param unflushed collects subscribers that were written to for the first time
  void serve(int budget, Frames.Maker maker, List<Subscriber> unflushed) {
    try {
      int left = Math.min(budget, round.size());
      while (left-- > 0 && !round.isEmpty()) {
        serve(round.remove(), maker, unflushed);
      }
    } finally {
      others.values().forEach(Frames::release);
      others.clear();
      while (!blocks.isEmpty() && (round.isEmpty() || blockBytes > MAX_SHARED_BYTES)) {
        forget(blocks.pollFirstEntry().getValue());
      }
    }
  }

  private void forget(Block block) {
    blockBytes -= block.bytes;
    block.frames.release();
  }

  private void serve(Entry entry, Frames.Maker maker, List<Subscriber> unflushed) {
    CatchUp catchUp = entry.catchUp;
    if (catchUp.isOver()) {
      return;
    }
    Subscriber subscriber = catchUp.subscription().subscriber;
    try {
      if (!subscriber.mayReplay(() -> resume(entry))) {
        return;
      }
      switch (catchUp.next()) {
        case null -> {
          if (catchUp.isReached() && entry.audience.mayEnter()) {
            catchUp.complete();
            entry.audience.enter(catchUp);
            return;
          }
        }
        case CatchUp.Next.Kept(List<StoredEvent> events) ->
            write(catchUp, events, maker, unflushed);
        case CatchUp.Next.Other(Outbound outbound) ->
            deliver(
                subscriber,
                others.computeIfAbsent(outbound, _ -> maker.coalesce(List.of(outbound))),
                unflushed);
        case CatchUp.Next.Elsewhere _ -> {
          catchUp.load(() -> resume(entry));
          return;
        }
        case CatchUp.Next.Lost(String reason) -> {
          subscriber.onFellBehind(reason);
          return;
        }
      }
      round.add(entry);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      subscriber.onDeliveryFailed(e);
    }
  }

  private void resume(Entry entry) {
    if (!entry.catchUp.isOver()) {
      add(entry.catchUp, entry.audience);
    }
  }

  private void write(
      CatchUp catchUp, List<StoredEvent> events, Frames.Maker maker, List<Subscriber> unflushed) {
    Subscriber subscriber = catchUp.subscription().subscriber;
    List<StoredEvent> wanted = withoutOwn(catchUp, events);
    if (wanted == null) {
      deliver(subscriber, shared(catchUp, events, maker), unflushed);
    } else if (!wanted.isEmpty()) {
      write(subscriber, coalesce(catchUp, wanted, maker), unflushed);
    }
  }

  private Frames shared(CatchUp catchUp, List<StoredEvent> events, Frames.Maker maker) {
    Key key =
        new Key(
            catchUp.subscription().channel,
            events.getFirst().id(),
            events.getLast().id(),
            events.size());
    Block known = blocks.get(key);
    if (known != null) {
      return known.frames;
    }
    long bytes = events.stream().mapToLong(StoredEvent::bytes).sum();
    Block made = new Block(coalesce(catchUp, events, maker), bytes);
    blocks.put(key, made);
    blockBytes += bytes;
    return made.frames;
  }

  /// The events without those that this subscriber has sent; null if it has sent none.
  private static @Nullable List<StoredEvent> withoutOwn(CatchUp catchUp, List<StoredEvent> events) {
    return events.stream().noneMatch(catchUp::excludes)
        ? null
        : events.stream().filter(event -> !catchUp.excludes(event)).toList();
  }

  private static Frames coalesce(CatchUp catchUp, List<StoredEvent> events, Frames.Maker maker) {
    List<Outbound> messages = new ArrayList<>(events.size());
    for (StoredEvent event : events) {
      messages.add(catchUp.outbound(event));
    }
    return maker.coalesce(messages);
  }

  /// Writes frames that are not shared.
  private static void write(Subscriber subscriber, Frames frames, List<Subscriber> unflushed) {
    try {
      deliver(subscriber, frames, unflushed);
    } finally {
      frames.release();
    }
  }

  private static void deliver(Subscriber subscriber, Frames frames, List<Subscriber> unflushed) {
    if (subscriber.onDeliver(frames)) {
      unflushed.add(subscriber);
    }
  }
}
