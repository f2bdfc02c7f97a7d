package dev.fanfare.webhook.outbox;

import dev.fanfare.observe.Vitals;
import dev.fanfare.protocol.Parsed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Stores events that were accepted and are not delivered yet, and dead letters. Implementations
/// decide whether the content survives the process.
///
/// Every method may block on a disk, so it is called by the webhook threads and by virtual threads,
/// never by an event loop. Thread-safe.
public interface Outbox extends AutoCloseable {

  /// An event to be accepted.
  ///
  /// @param appId the app it belongs to
  /// @param endpoint the URL as configured; together with the app it identifies a receiver
  /// @param channel the channel whose order is kept
  /// @param createdMs when it happened, milliseconds since the epoch
  /// @param event one element of `events` in the request's body, JSON
  record Draft(String appId, String endpoint, String channel, long createdMs, String event) {

    /// Memory of the objects, and room in the tree of a file.
    private static final int OVERHEAD_BYTES = 200;

    private static final char LAST_ASCII = '\u007F';
    private static final char LAST_LATIN_1 = '\u00FF';

    /// What this needs in memory or in a file, whichever is more.
    public int bytes() {
      return OVERHEAD_BYTES + bytes(appId) + bytes(endpoint) + bytes(channel) + bytes(event);
    }

    /// Less than [#bytes] of any draft about this channel.
    public static int minBytes(String channel) {
      return OVERHEAD_BYTES + channel.length();
    }

    /// What a text needs in memory or in a file, whichever is more.
    public static int bytes(String text) {
      boolean isWide = false;
      int stored = text.length();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c > LAST_ASCII) {
          isWide |= c > LAST_LATIN_1;
          stored += isWide ? 2 : 1;
        }
      }
      return Math.max(stored, isWide ? 2 * text.length() : 0);
    }

    public Target target() {
      return new Target(appId, endpoint);
    }
  }

  /// An accepted event.
  ///
  /// @param id ascending in the order of acceptance, unique across restarts
  record Entry(long id, Draft draft) {}

  /// An event that its endpoint did not accept in time.
  ///
  /// @param diedMs when it was given up, milliseconds since the epoch
  /// @param attempts how often it was sent, restarts of the server included
  /// @param reason why the last attempt failed
  record DeadLetter(Entry entry, long diedMs, int attempts, String reason) {

    private static final int OVERHEAD_BYTES = 60;

    /// What this needs in memory or in a file, whichever is more.
    public int bytes() {
      return entry.draft().bytes() + OVERHEAD_BYTES + reason.length();
    }
  }

  /// Accepts all drafts or none. If this outbox is durable, they survive the process once this
  /// method has returned.
  ///
  /// @return the entries, in the order of the drafts
  default List<Entry> accept(List<Draft> drafts) {
    return accept(drafts, List.of());
  }

  /// Accepts all drafts or none, and records what they report.
  ///
  /// @return the entries, in the order of the drafts
  List<Entry> accept(List<Draft> drafts, List<Presence> reported);

  /// True if the channel or user was reported as present before this process was started, and not
  /// since.
  boolean isUnconfirmed(Presence presence);

  /// What was reported as present before this process was started and not since: a part of it, in
  /// the order in which the departures are to be reported.
  ///
  /// @param after the last one of the previous part; null for the first part
  List<Presence> unconfirmed(@Nullable Presence after, int limit);

  /// From now on passes on each change of pending entries, after it has happened.
  ///
  /// @param next is called with the lock held: must neither block, nor throw, nor use this outbox
  void observe(Consumer<OutboxChange> next);

  /// Removes entries that their receiver has accepted.
  void delivered(List<Entry> entries);

  /// Removes entries that another node delivers. They do not count as accepted here any more.
  void handedOver(List<Entry> entries);

  /// Counts a failed attempt for each of the entries that are still pending.
  ///
  /// @return the highest number of failed attempts among them, restarts included
  int attempted(List<Entry> entries);

  /// Moves entries to the dead letters, with the attempts counted so far. If there are more dead
  /// letters than the limit, the oldest are removed.
  void dead(List<Entry> entries, long nowMs, String reason);

  /// How many attempts to deliver a pending entry have failed, restarts included; 0 if it is not
  /// pending.
  int attempts(long id);

  /// The pending entry with this id; null if there is none, or if it cannot be read any more.
  @Nullable Entry find(long id);

  /// Passes on everything accepted and neither delivered nor dead, in several parts, in the order
  /// of acceptance. Entries that are accepted meanwhile may be among them.
  void forEachPending(Consumer<List<Entry>> action);

  /// The next pending entries of all apps, in the order of acceptance: a part of them.
  ///
  /// @param after the id of the last one of the previous part; -1 for the first part
  List<Entry> pending(long after);

  /// Forgets a pending entry that cannot be read any more.
  void lost(Target target, long id);

  /// Fails if there is no room for an event.
  ///
  /// @param own bytes that are about to be accepted for the same target, this event included
  /// @param all bytes that are about to be accepted for all targets, this event included
  Parsed<Parsed.Passed> checkRoom(Target target, long own, long all);

  /// Some pending entries of one app, oldest first.
  ///
  /// @param after lists those with higher ids only; 0 for all
  List<Entry> pending(Selection selection, long after, int limit);

  /// Pending entries of one app, oldest first.
  default List<Entry> pending(String appId, long after, int limit) {
    return pending(Selection.ofApp(appId), after, limit);
  }

  /// Some dead letters of one app, oldest first.
  List<DeadLetter> deadLetters(Selection selection, long after, int limit);

  /// Dead letters of one app, oldest first.
  default List<DeadLetter> deadLetters(String appId, long after, int limit) {
    return deadLetters(Selection.ofApp(appId), after, limit);
  }

  /// One dead letter of an app.
  Optional<DeadLetter> deadLetter(String appId, long id);

  /// Accepts a dead letter again, with the time `nowMs` and under a new id, and removes it from the
  /// dead letters.
  Optional<Entry> replay(String appId, long id, long nowMs);

  /// Accepts some dead letters again, oldest first, as [#replay(String, long, long)] does for one.
  ///
  /// @param accepted gets the new entries in several parts; must not throw
  /// @return how many there were
  int replay(Selection selection, long nowMs, Consumer<List<Entry>> accepted);

  /// Removes some dead letters and returns how many there were.
  int purge(Selection selection);

  /// Removes an app's dead letters and returns how many there were.
  default int purge(String appId) {
    return purge(Selection.ofApp(appId));
  }

  /// The size of the outbox, and totals.
  Counts counts();

  /// How many entries are pending for each app and endpoint; without those that have none.
  Map<Target, Integer> pendingByTarget();

  /// How many dead letters there are for each app and endpoint; without those that have none.
  Map<Target, Integer> deadByTarget();

  /// True if entries are meant to be kept on a disk; see [#isDurable] for whether they are.
  boolean isOnDisk();

  /// True if the current content survives the process; false in memory, and while the disk fails.
  boolean isDurable();

  /// Adds the pulse of the outbox's own thread, if it has one.
  default void watch(Vitals vitals) {}

  /// What was lost because of a damaged file.
  default OutboxLosses losses() {
    return OutboxLosses.NONE;
  }

  @Override
  void close();

  /// One endpoint of one app.
  record Target(String appId, String endpoint) {}

  /// Totals since the outbox was created; those of a durable outbox survive the process.
  ///
  /// @param accepted entries accepted so far, replays included, without those that were handed over
  /// @param delivered entries delivered so far
  /// @param died entries given up so far
  /// @param pending entries pending now
  /// @param deadLetters dead letters kept now
  record Counts(long accepted, long delivered, long died, int pending, int deadLetters) {

    /// Pending entries and dead letters.
    public long held() {
      return (long) pending + deadLetters;
    }
  }
}
