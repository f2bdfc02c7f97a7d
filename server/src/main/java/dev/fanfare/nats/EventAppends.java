package dev.fanfare.nats;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.StreamsUnavailable;
import dev.fanfare.observe.NanoClock;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Appends entries to the stream of events on one connection, one after the other for each channel.
/// Any thread.
///
/// A message is stored only if the last one of its channel is still the one that it names, so an
/// entry's id is above all others of its channel, whatever the clocks of the nodes say, and no two
/// have the same previous one. A node that was overtaken asks for the last one and tries again.
final class EventAppends {

  /// Channels of which the last entry is remembered, so that an append takes one round trip.
  private static final int MAX_TAILS = 10_000;

  /// Appends in a row after which a node pauses, so that others get their turn: who was overtaken
  /// needs two round trips where the other one needs one.
  private static final int STREAK = 16;

  private static final long PAUSE_MS = 2;

  /// Appends that follow within this time are in a row.
  private static final long ROW_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /// For how long a node that was overtaken tries again.
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

  /// Surplus entries are dropped many at a time.
  private static final int MIN_SURPLUS = 32;

  private static final int SURPLUS_SHARE = 8;

  /// The last entry of a channel.
  ///
  /// @param sequence in the stream; 0 if there is none
  /// @param ms of its id
  /// @param streak appends of this node in a row
  private record Tail(
      long sequence, long ms, long count, EventId previousOfNext, int streak, long atNs) {

    static Tail of(@Nullable MessageInfo message) {
      if (message == null) {
        return new Tail(0, 0, 0, EventId.NONE, 0, NanoClock.SYSTEM.nanoTime());
      }
      StoredEntry entry = StoredEntry.decode(message);
      return new Tail(
          message.getSeq(),
          entry.id().ms(),
          entry.count(),
          entry.previousOfNext(),
          0,
          NanoClock.SYSTEM.nanoTime());
    }

    Tail followedBy(long next, long nextMs) {
      long nowNs = NanoClock.SYSTEM.nanoTime();
      int row = nowNs - atNs < ROW_NS ? streak + 1 : 1;
      return new Tail(next, nextMs, count + 1, new EventId(nextMs, next), row, nowNs);
    }

    Tail rested() {
      return new Tail(sequence, ms, count, previousOfNext, 0, atNs);
    }
  }

  private final JetStreamCalls calls;
  private final StreamNames names;
  private final LongSupplier nowMs;
  private final Executor executor;
  private final InTurn<ChannelKey> inTurn;
  private final Latest<ChannelKey, Tail> tails = new Latest<>(MAX_TAILS);

  /// @param nowMs the engine's clock, and never before its origin
  EventAppends(JetStreamCalls calls, StreamNames names, LongSupplier nowMs, Executor executor) {
    this.calls = calls;
    this.names = names;
    this.nowMs = nowMs;
    this.executor = executor;
    this.inTurn = new InTurn<>(executor);
  }

  /// As [Streams#append].
  ///
  /// @param ready is called when it is its turn, and completes when it may begin
  CompletionStage<Streams.Appended> append(
      ChannelKey key,
      byte[] payload,
      int events,
      @Nullable String idempotencyKey,
      Supplier<CompletionStage<Boolean>> ready) {
    Append append = new Append(key, payload, events, idempotencyKey);
    return inTurn.run(
        key, () -> ready.get().thenCompose(_ -> attempt(append, NanoClock.SYSTEM.nanoTime())));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
  private record Append(
      ChannelKey key, byte[] payload, int events, @Nullable String idempotencyKey) {}

  private CompletionStage<Streams.Appended> attempt(Append append, long sinceNs) {
    return tail(append.key).thenCompose(tail -> attempt(append, tail, sinceNs));
  }

  private CompletionStage<Streams.Appended> attempt(Append append, Tail tail, long sinceNs) {
    long ms = Math.max(nowMs.getAsLong(), tail.ms);
    String subject = names.subject(append.key);
    byte[] message = StoredEntry.encode(ms, tail.count + 1, tail.previousOfNext, append.payload);
    String messageId =
        append.idempotencyKey == null
            ? null
            : subject + ":" + StreamNames.token(append.idempotencyKey);
    return calls
        .publish(subject, message, tail.sequence, messageId)
        .thenCompose(stored -> stored(append, tail, ms, stored))
        .exceptionallyCompose(failure -> {
          tails.remove(append.key);
          Throwable cause = JetStreamCalls.cause(failure);
          if (!(cause instanceof JetStreamCalls.Conflict)) {
            return CompletableFuture.failedStage(cause);
          }
          return NanoClock.SYSTEM.nanoTime() - sinceNs < PATIENCE_NS
              ? attempt(append, sinceNs)
              : CompletableFuture.failedStage(
                  new StreamsUnavailable("other nodes append to the channel all the time"));
        });
  }

  private CompletionStage<Streams.Appended> stored(
      Append append, Tail tail, long ms, PublishAck stored) {
    long sequence = stored.getSeqno();
    if (stored.isDuplicate()) {
      return calls.at(names.events(), sequence).thenApply(first -> repeated(sequence, first));
    }
    Tail next = tail.followedBy(sequence, ms);
    tails.put(append.key, next);
    int surplus = Math.max(MIN_SURPLUS, append.events / SURPLUS_SHARE);
    if (next.count > append.events && next.count % surplus == 0) {
      // One more, in case there is a mark. Whether it succeeds or not, there will be a next time.
      var _ = calls.purgeBut(names.events(), names.subject(append.key), append.events + 1L);
    }
    return CompletableFuture.completedStage(
        new Streams.Appended(next.previousOfNext, tail.previousOfNext, false));
  }

  private static Streams.Appended repeated(long sequence, @Nullable MessageInfo first) {
    if (first == null) { // dropped meanwhile
      return new Streams.Appended(new EventId(0, sequence), EventId.NONE, true);
    }
    StoredEntry entry = StoredEntry.decode(first);
    return new Streams.Appended(entry.id(), entry.previous(), true);
  }

  /// Drops all entries of a channel but a mark, from which later ids go on.
  CompletionStage<Long> purge(ChannelKey key) {
    return inTurn.run(key, () -> purge(key, NanoClock.SYSTEM.nanoTime()));
  }

  private CompletionStage<Long> purge(ChannelKey key, long sinceNs) {
    String subject = names.subject(key);
    tails.remove(key);
    return calls
        .last(names.events(), subject)
        .thenCompose(last -> {
          Tail tail = Tail.of(last);
          if (tail.count == 0) {
            return CompletableFuture.completedStage(0L);
          }
          byte[] mark = StoredEntry.encode(tail.ms, 0, tail.previousOfNext, new byte[0]);
          return calls
              .publish(subject, mark, tail.sequence, null)
              .thenCompose(stored -> calls.purgeBefore(names.events(), subject, stored.getSeqno()))
              .thenApply(purged -> Math.min(purged, tail.count)); // without an older mark
        })
        .exceptionallyCompose(failure -> {
          Throwable cause = JetStreamCalls.cause(failure);
          return cause instanceof JetStreamCalls.Conflict
                  && NanoClock.SYSTEM.nanoTime() - sinceNs < PATIENCE_NS
              ? purge(key, sinceNs)
              : CompletableFuture.failedStage(cause);
        });
  }

  private CompletionStage<Tail> tail(ChannelKey key) {
    Tail known = tails.get(key);
    if (known == null) {
      return calls.last(names.events(), names.subject(key)).thenApply(Tail::of);
    }
    if (known.streak < STREAK) {
      return CompletableFuture.completedStage(known);
    }
    Tail rested = known.rested();
    tails.put(key, rested);
    return CompletableFuture.supplyAsync(
        () -> rested, CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS, executor));
  }
}
