package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The port to the engine that gives the events of a channel their ids and their order, and keeps
/// them and the positions of clients for all nodes. Any thread; no method blocks.
///
/// A stage fails with [StreamsUnavailable] if the engine cannot be reached, does not answer in
/// time, or too much is under way ([#MAX_PENDING], [#MAX_PENDING_BYTES]). Whether it was done is
/// then not known. Stages are completed by threads of the engine's client, which must not be
/// blocked; those of one node's appends to one channel in their order.
public interface Streams extends Values, AutoCloseable {

  /// Calls that may be under way.
  int MAX_PENDING = 4_096;

  /// Payloads that may be on their way to the engine, in bytes.
  long MAX_PENDING_BYTES = 32L << 20;

  /// Entries that one [#range] may ask for.
  int MAX_RANGE = 1_000;

  /// Readers of a channel whose cursors are kept; above that, the one that was seen least recently
  /// is forgotten.
  int MAX_READERS = 20;

  /// Positions of one wide identity in one channel; above that, two that end next become one: the
  /// older event, the later end.
  int MAX_WAITING = 16;

  /// Above the id of every entry.
  EventId END = new EventId(Long.MAX_VALUE, Long.MAX_VALUE);

  /// How much of a channel is kept.
  ///
  /// @param events the newest so many at least, and not many more
  /// @param keepMs entries may be dropped once they are older
  /// @param quietMs at least `keepMs`: what is known about a channel may be forgotten so long after
  ///   its last entry
  record Limits(int events, long keepMs, long quietMs) {}

  /// An entry was appended.
  ///
  /// @param previous the channel's last entry before; [EventId#NONE] if there was none, or if it
  ///   has been forgotten or purged
  /// @param isRepeated the same idempotency key was used before: nothing was appended, and this is
  ///   the former entry
  record Appended(EventId id, EventId previous, boolean isRepeated) {}

  /// What was appended.
  ///
  /// @param previous as it was returned to who appended it
  @SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
  record Entry(EventId id, EventId previous, byte[] payload) {}

  /// Appends an entry with an id above all of the channel. Atomic: no two entries of a channel have
  /// the same previous one.
  ///
  /// @param payload not empty, and not changed afterwards
  /// @param idempotencyKey for five minutes, another append to this channel with this key does
  ///   nothing; null for none
  CompletionStage<Appended> append(
      ChannelKey key, byte[] payload, Limits limits, @Nullable String idempotencyKey);

  /// Entries of a channel.
  ///
  /// @param after only later ones; [EventId#NONE] for all
  /// @param through only those up to this one; [#END] for all
  /// @param most 1 to [#MAX_RANGE]
  /// @param isForwards the oldest first, else the newest first
  CompletionStage<List<Entry>> range(
      ChannelKey key, EventId after, EventId through, int most, boolean isForwards);

  /// Drops all entries of a channel: the next one has no previous one, and a higher id than all
  /// before. Completes with their number.
  CompletionStage<Long> purge(ChannelKey key);

  /// Since when the engine has kept everything, as an id: what was appended before has been lost
  /// with an engine that came back empty. Never changes while the engine keeps its data, and is
  /// never later than the first append.
  CompletionStage<EventId> origin();

  /// Where a client is.
  ///
  /// @param confirmed the last event that it has confirmed
  /// @param sockets its connections, newest first, separated by commas; empty if unknown
  record Position(EventId confirmed, String sockets) {}

  /// A client with a narrow identity (one client at a time) has this position, as long as it is
  /// connected and afterwards, for `ttlMs`. Ignored if another owner has claimed the identity
  /// meanwhile.
  ///
  /// @param owner the connection
  CompletionStage<Void> hold(
      ChannelKey key, String identity, String owner, Position position, long ttlMs);

  /// A client with a narrow identity comes, perhaps back. From now on `owner` owns the position,
  /// and [#hold] of the former owner is ignored. Atomic: of several claims, each gets the position
  /// of the one before.
  ///
  /// @param ttlMs for how long the position is kept for the new owner, unless that holds another
  /// @return null if no position is known
  CompletionStage<@Nullable Position> claim(
      ChannelKey key, String identity, String owner, long ttlMs);

  /// A client with a wide identity (any number of clients) has left this position for `ttlMs`.
  CompletionStage<Void> leave(ChannelKey key, String identity, EventId confirmed, long ttlMs);

  /// The oldest position that waits for a wide identity, which remains; null if there is none.
  CompletionStage<@Nullable EventId> oldest(ChannelKey key, String identity);

  /// The last event that a reader of a mailbox has confirmed.
  ///
  /// @param seenMs when it was seen last, milliseconds since the epoch
  record Cursor(EventId confirmed, long seenMs) {}

  /// Readers of a mailbox were seen now, by the clock of the engine. No cursor goes back.
  ///
  /// @param confirmed by their names, of which one may be empty
  /// @param ttlMs for how long cursors are kept; perhaps longer if other readers are seen
  CompletionStage<Void> seen(ChannelKey key, Map<String, EventId> confirmed, long ttlMs);

  /// The cursors of a channel's readers, by name.
  CompletionStage<Map<String, Cursor>> cursors(ChannelKey key);

  /// Forgets the cursors of a channel's readers.
  CompletionStage<Void> forgetReaders(ChannelKey key);

  /// Is notified when the engine can be reached or not.
  interface Listener {

    /// The engine answers.
    void onAvailable();

    /// Every call fails from now on.
    ///
    /// @param reason for the log and `/ready`; names no secret
    void onUnavailable(String reason);
  }

  /// Begins to connect, and does not give up until [#close]. Called once.
  ///
  /// @param listener is called by one thread at a time
  void open(Listener listener);

  @Override
  void close();
}
