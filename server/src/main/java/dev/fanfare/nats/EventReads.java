package dev.fanfare.nats;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import io.nats.client.api.MessageInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Reads entries of the stream of events on one connection, a round trip for each. Forwards it asks
/// for the next one of the channel's subject; backwards it follows the ids that entries have of the
/// one before. So a read costs what it returns, however long the stream is. Any thread.
final class EventReads {

  private final JetStreamCalls calls;
  private final StreamNames names;
  private final Executor executor;

  EventReads(JetStreamCalls calls, StreamNames names, Executor executor) {
    this.calls = calls;
    this.names = names;
    this.executor = executor;
  }

  /// One call. Used by one thread after the other.
  private final class Read {
    private final String subject;
    private final EventId after;
    private final EventId through;
    private final int most;
    private final List<Streams.Entry> found = new ArrayList<>();

    Read(ChannelKey key, EventId after, EventId through, int most) {
      this.subject = names.subject(key);
      this.after = after;
      this.through = through;
      this.most = most;
    }

    /// The first entry of the channel from a sequence on.
    private CompletionStage<@Nullable StoredEntry> from(long sequence) {
      return calls.next(names.events(), subject, sequence).thenApply(this::decoded);
    }

    /// The entry with this id.
    private CompletionStage<@Nullable StoredEntry> at(EventId id) {
      return id.number() == 0
          ? CompletableFuture.completedStage(null)
          : calls
              .at(names.events(), id.number())
              .thenApply(this::decoded)
              .thenApply(entry -> entry == null || !entry.id().equals(id) ? null : entry);
    }

    private @Nullable StoredEntry decoded(@Nullable MessageInfo message) {
      return message == null || !subject.equals(message.getSubject())
          ? null
          : StoredEntry.decode(message);
    }

    /// True if the entry follows the id directly: nothing between them was skipped.
    private static boolean follows(@Nullable StoredEntry entry, EventId id) {
      return entry != null && entry.id().compareTo(id) > 0 && entry.previous().compareTo(id) <= 0;
    }

    CompletionStage<List<Streams.Entry>> forwards() {
      if (after.number() == 0 || after.number() == Long.MAX_VALUE) {
        return from(1).thenCompose(this::forwards);
      }
      return from(after.number() + 1)
          .thenCompose(entry ->
              follows(entry, after)
                  ? forwards(entry)
                  : from(1).thenCompose(this::forwards)); // it was dropped, or is not from here
    }

    private CompletionStage<List<Streams.Entry>> forwards(@Nullable StoredEntry entry) {
      if (entry == null || entry.id().compareTo(through) > 0) {
        return CompletableFuture.completedStage(found);
      }
      if (entry.id().compareTo(after) > 0 && !entry.isMark()) {
        found.add(entry.entry());
      }
      return found.size() == most
          ? CompletableFuture.completedStage(found)
          : from(entry.id().number() + 1).thenComposeAsync(this::forwards, executor);
    }

    CompletionStage<List<Streams.Entry>> backwards() {
      if (through.number() == Long.MAX_VALUE) {
        return fromTheEnd();
      }
      return at(through)
          .thenCompose(entry -> {
            if (entry != null) {
              return backwards(entry);
            }
            return from(through.number() + 1)
                .thenCompose(next ->
                    next != null && follows(next, through)
                        ? at(next.previous()).thenCompose(this::backwards)
                        : fromTheEnd());
          });
    }

    private CompletionStage<List<Streams.Entry>> fromTheEnd() {
      return calls
          .last(names.events(), subject)
          .thenApply(this::decoded)
          .thenCompose(this::backwards);
    }

    private CompletionStage<List<Streams.Entry>> backwards(@Nullable StoredEntry entry) {
      if (entry == null || entry.isMark() || entry.id().compareTo(after) <= 0) {
        return CompletableFuture.completedStage(found);
      }
      if (entry.id().compareTo(through) <= 0) {
        found.add(entry.entry());
      }
      return found.size() == most
          ? CompletableFuture.completedStage(found)
          : at(entry.previous()).thenComposeAsync(this::backwards, executor);
    }
  }

  /// As [Streams#range].
  CompletionStage<List<Streams.Entry>> range(
      ChannelKey key, EventId after, EventId through, int most, boolean isForwards) {
    Read read = new Read(key, after, through, most);
    return isForwards ? read.forwards() : read.backwards();
  }
}
