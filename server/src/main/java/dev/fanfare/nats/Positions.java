package dev.fanfare.nats;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.Streams.Cursor;
import dev.fanfare.history.shared.Streams.Position;
import dev.fanfare.history.shared.StreamsUnavailable;
import dev.fanfare.history.shared.Values;
import dev.fanfare.nats.PositionValues.Held;
import dev.fanfare.nats.PositionValues.Seen;
import dev.fanfare.nats.PositionValues.Waiting;
import dev.fanfare.observe.NanoClock;
import io.nats.client.api.MessageInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Positions of clients and cursors of readers in the key-value bucket, on one connection. A value
/// is replaced only if it is still the one that was read, so claims and changes are atomic; this
/// node's changes of one value are made in the order of the calls. Any thread.
final class Positions {

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

  /// A value is not dropped before what it says has ended.
  private static final long MARGIN_MS = 60_000;

  private final JetStreamCalls calls;
  private final StreamNames names;
  private final LongSupplier nowMs;
  private final LongFunction<CompletionStage<Boolean>> keep;
  private final InTurn<String> inTurn;

  /// @param nowMs the engine's clock
  /// @param keep completes when values are kept for that many milliseconds
  Positions(
      JetStreamCalls calls,
      StreamNames names,
      LongSupplier nowMs,
      LongFunction<CompletionStage<Boolean>> keep,
      Executor executor) {
    this.calls = calls;
    this.names = names;
    this.nowMs = nowMs;
    this.keep = keep;
    this.inTurn = new InTurn<>(executor);
  }

  /// A value that was read and perhaps replaced.
  ///
  /// @param value null if there was none
  @SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
  private record Former(byte @Nullable [] value, long atMs) {}

  @FunctionalInterface
  private interface Decision {
    /// What replaces a value; null to leave it as it is.
    byte @Nullable [] of(Former former);
  }

  private CompletionStage<Former> change(String subject, long ttlMs, Decision decision) {
    return inTurn.run(
        subject,
        () ->
            keep.apply(ttlMs + MARGIN_MS)
                .thenCompose(_ -> attempt(subject, decision, NanoClock.SYSTEM.nanoTime())));
  }

  private CompletionStage<Former> attempt(String subject, Decision decision, long sinceNs) {
    return read(subject)
        .thenCompose(message -> {
          Former former = new Former(data(message), nowMs.getAsLong());
          byte[] value = decision.of(former);
          if (value == null) {
            return CompletableFuture.completedStage(former);
          }
          return calls
              .publish(subject, value, message == null ? 0 : message.getSeq(), null)
              .thenApply(_ -> former);
        })
        .exceptionallyCompose(failure -> {
          Throwable cause = JetStreamCalls.cause(failure);
          if (!(cause instanceof JetStreamCalls.Conflict)) {
            return CompletableFuture.failedStage(cause);
          }
          return NanoClock.SYSTEM.nanoTime() - sinceNs < PATIENCE_NS
              ? attempt(subject, decision, sinceNs)
              : CompletableFuture.failedStage(
                  new StreamsUnavailable("other nodes change the value all the time"));
        });
  }

  private CompletionStage<@Nullable MessageInfo> read(String subject) {
    return calls.last(names.values(), subject);
  }

  private static byte @Nullable [] data(@Nullable MessageInfo message) {
    return message == null ? null : message.getData();
  }

  private static @Nullable Held fresh(Former former) {
    Held held = former.value == null ? null : Held.decode(former.value);
    return held == null || held.untilMs() <= former.atMs ? null : held;
  }

  /// As [Streams#hold].
  CompletionStage<Void> hold(
      ChannelKey key, String identity, String owner, Position position, long ttlMs) {
    return change(
            names.value("n", key, identity),
            ttlMs,
            former -> {
              Held known = fresh(former);
              return known == null || known.isOf(owner)
                  ? new Held(owner, position, former.atMs + ttlMs).encode()
                  : null;
            })
        .thenAccept(_ -> {});
  }

  /// As [Streams#claim].
  CompletionStage<@Nullable Position> claim(
      ChannelKey key, String identity, String owner, long ttlMs) {
    return change(
            names.value("n", key, identity),
            ttlMs,
            former -> {
              Held known = fresh(former);
              return known == null
                  ? null
                  : new Held(owner, known.position(), former.atMs + ttlMs).encode();
            })
        .thenApply(former -> {
          Held known = fresh(former);
          return known == null ? null : known.position();
        });
  }

  /// As [Streams#leave].
  CompletionStage<Void> leave(ChannelKey key, String identity, EventId confirmed, long ttlMs) {
    return change(
            names.value("w", key, identity),
            ttlMs,
            former -> {
              List<Waiting> all = Waiting.decode(former.value, former.atMs);
              Waiting.add(all, new Waiting(confirmed, former.atMs + ttlMs));
              return Waiting.encode(all);
            })
        .thenAccept(_ -> {});
  }

  /// As [Streams#oldest].
  CompletionStage<@Nullable EventId> oldest(ChannelKey key, String identity) {
    return read(names.value("w", key, identity))
        .thenApply(message ->
            Waiting.decode(data(message), nowMs.getAsLong()).stream()
                .map(Waiting::confirmed)
                .min(EventId::compareTo)
                .orElse(null));
  }

  /// As [Streams#seen].
  CompletionStage<Void> seen(ChannelKey key, Map<String, EventId> confirmed, long ttlMs) {
    return change(
            names.value("c", key, ""),
            ttlMs,
            former -> {
              Map<String, Seen> all = Seen.decode(former.value, former.atMs);
              confirmed.forEach((reader, id) -> {
                Cursor cursor = new Cursor(id, former.atMs);
                Seen.add(all, reader, new Seen(cursor, former.atMs + ttlMs));
              });
              return Seen.encode(all);
            })
        .thenAccept(_ -> {});
  }

  /// As [Streams#forgetReaders].
  CompletionStage<Void> forgetReaders(ChannelKey key) {
    String subject = names.value("c", key, "");
    return inTurn.run(
        subject, () -> calls.purgeBut(names.values(), subject, 0).thenAccept(_ -> {}));
  }

  /// As [Streams#cursors].
  CompletionStage<Map<String, Cursor>> cursors(ChannelKey key) {
    return read(names.value("c", key, ""))
        .thenApply(message -> {
          Map<String, Cursor> cursors = new TreeMap<>();
          Seen.decode(data(message), nowMs.getAsLong())
              .forEach((reader, seen) -> cursors.put(reader, seen.cursor()));
          return cursors;
        });
  }

  /// As [Streams#value]: the version is the sequence in the stream.
  CompletionStage<Values.Value> value(ChannelKey key) {
    return read(names.value("m", key, ""))
        .thenApply(message -> {
          byte[] bytes = data(message);
          return new Values.Value(
              message == null ? "0" : Long.toString(message.getSeq()),
              bytes == null ? new byte[0] : bytes);
        });
  }

  /// As [Streams#replace].
  CompletionStage<@Nullable String> replace(
      ChannelKey key, String version, byte[] bytes, long ttlMs) {
    CompletionStage<@Nullable String> replaced =
        keep.apply(ttlMs + MARGIN_MS)
            .thenCompose(
                _ -> calls.publish(names.value("m", key, ""), bytes, Long.parseLong(version), null))
            .thenApply(stored -> Long.toString(stored.getSeqno()));
    return replaced.exceptionallyCompose(failure -> {
      Throwable cause = JetStreamCalls.cause(failure);
      return cause instanceof JetStreamCalls.Conflict
          ? CompletableFuture.completedStage(null)
          : CompletableFuture.failedStage(cause);
    });
  }
}
