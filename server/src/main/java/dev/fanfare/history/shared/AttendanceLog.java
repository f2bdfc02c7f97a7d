package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides joins and leaves of the users of all nodes in the engine, and appends them to the logs
/// of their channels, each once, however nodes end and calls fail. Any thread; does not block.
///
/// Who is there is one value of the channel, replaced only if no other node has. What follows from
/// it, rows of the log, is in the value first: who finds rows there appends those that the log
/// lacks before it decides anything. So rows are in the log in the order of the decisions.
final class AttendanceLog {

  /// A value is written again long before.
  static final long TTL_MS = TimeUnit.HOURS.toMillis(24);

  /// That of a channel without users.
  static final long EMPTY_TTL_MS = TimeUnit.MINUTES.toMillis(10);

  /// Others may have been faster that often.
  private static final int MAX_ATTEMPTS = 100;

  /// A channel.
  ///
  /// @param key of its log
  record Place(ChannelKey key, ChannelName channel, Streams.Limits limits) {}

  private final Streams streams;
  private final Supplier<EventId> tickets;
  private final Pseudonyms names;

  /// @param tickets each a new one
  /// @param names of users in the logs
  AttendanceLog(Streams streams, Supplier<EventId> tickets, Pseudonyms names) {
    this.streams = streams;
    this.names = names;
    this.tickets = tickets;
  }

  /// Takes what a node knows of itself, and removes lost nodes.
  ///
  /// @return true if there is a node that may be lost
  CompletionStage<Boolean> apply(
      Place place, Attendance.Change change, LongFunction<Attendance.Verdict> verdicts) {
    return attempt(new Call(place, change, verdicts), 1);
  }

  private record Call(
      Place place, Attendance.Change change, LongFunction<Attendance.Verdict> verdicts) {}

  private CompletionStage<Boolean> attempt(Call call, int number) {
    return number > MAX_ATTEMPTS
        ? CompletableFuture.failedStage(
            new StreamsUnavailable("other nodes change who is there all the time"))
        : streams.value(call.place.key()).thenCompose(value -> decide(call, value, number));
  }

  private CompletionStage<Boolean> decide(Call call, Values.Value value, int number) {
    Attendance attendance = Attendance.decode(value.bytes());
    if (!attendance.rows().isEmpty()) {
      return complete(call.place, attendance, value.version())
          .thenCompose(_ -> attempt(call, number + 1));
    }
    Attendance.Change rest = attendance.apply(call.change, call.verdicts, tickets);
    boolean isAwaiting = attendance.isAwaiting();
    if (!attendance.mustWrite()) {
      return CompletableFuture.completedStage(isAwaiting);
    }
    return replace(call.place, attendance, value.version())
        .thenCompose(version -> {
          if (version == null) {
            return attempt(call, number + 1);
          }
          CompletionStage<Void> kept =
              append(call.place, attendance.rows(), 0)
                  .thenCompose(_ -> settle(call.place, attendance, version));
          return rest == null
              ? kept.thenApply(_ -> isAwaiting)
              : kept.thenCompose(_ -> apply(call.place, rest, call.verdicts));
        });
  }

  private CompletionStage<@Nullable String> replace(
      Place place, Attendance attendance, String version) {
    byte[] bytes = attendance.encode();
    return streams.replace(place.key(), version, bytes, bytes.length == 0 ? EMPTY_TTL_MS : TTL_MS);
  }

  private CompletionStage<Void> append(Place place, List<Attendance.Row> rows, int from) {
    if (from == rows.size()) {
      return CompletableFuture.completedStage(null);
    }
    Attendance.Row row = rows.get(from);
    return names
        .of(place.key().appId(), row.userId(), place.limits().keepMs())
        .thenCompose(name -> {
          byte[] payload = EventCodec.event(row.event(place.channel(), name), row.ticket());
          return streams.append(place.key(), payload, place.limits(), row.ticket().toString());
        })
        .thenCompose(_ -> append(place, rows, from + 1));
  }

  /// All rows are in the log. If another node was faster, so is this.
  private CompletionStage<Void> settle(Place place, Attendance attendance, String version) {
    if (attendance.rows().isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    attendance.settle();
    return replace(place, attendance, version).thenAccept(_ -> {});
  }

  /// Appends the rows that the node that decided them has perhaps not appended. No node appends
  /// others before these are there, so they are among the newest.
  private CompletionStage<Void> complete(Place place, Attendance attendance, String version) {
    List<Attendance.Row> rows = attendance.rows();
    int most = Math.min(rows.size(), Streams.MAX_RANGE);
    return streams
        .range(place.key(), EventId.NONE, Streams.END, most, false)
        .thenCompose(newest -> {
          Set<EventId> known = new HashSet<>();
          for (Streams.Entry entry : newest) {
            EventId ticket = EventCodec.read(place.channel(), entry.payload()).ticket();
            if (ticket != null) {
              known.add(ticket);
            }
          }
          int next = rows.size();
          while (next > 0 && !known.contains(rows.get(next - 1).ticket())) {
            next--; // what is before one that is there was there, too
          }
          return append(place, rows, next);
        })
        .thenCompose(_ -> settle(place, attendance, version));
  }
}
