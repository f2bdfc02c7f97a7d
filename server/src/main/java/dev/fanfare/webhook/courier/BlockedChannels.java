package dev.fanfare.webhook.courier;

import dev.fanfare.webhook.outbox.IdQueue;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The channels whose oldest event an endpoint has refused on its own. Their events wait here, in
/// order, so that the events of other channels need not. Only their ids are kept. Confined to one
/// courier's thread. Times are milliseconds since the epoch.
final class BlockedChannels {

  /// One channel: its events, the refused one first.
  static final class Blocked {

    private final String channel;
    private final IdQueue entries = new IdQueue();
    private int refusals;
    private long dueMs;
    private String reason = "";

    private Blocked(String channel) {
      this.channel = channel;
    }

    long first() {
      return entries.first();
    }

    IdQueue entries() {
      return entries;
    }

    /// Removes the first entry; the next one starts with a clean record.
    void removeFirst() {
      var _ = entries.removeFirst();
      refusals = 0;
    }

    /// How often the first entry was refused on its own in this process.
    int refusals() {
      return refusals;
    }

    /// Why the last attempt on this channel failed; empty if there was none.
    String reason() {
      return reason;
    }

    void refused(String why) {
      refusals++;
      reason = why;
    }
  }

  private final Map<String, Blocked> byChannel = new HashMap<>();
  private final PriorityQueue<Blocked> byDue =
      new PriorityQueue<>(Comparator.comparingLong((Blocked blocked) -> blocked.dueMs));

  boolean isEmpty() {
    return byChannel.isEmpty();
  }

  /// Blocks the channel of an entry that was refused, which is not blocked yet.
  void block(Entry entry, String reason, long dueMs) {
    Blocked blocked = new Blocked(entry.draft().channel());
    blocked.entries.addLast(entry.id());
    blocked.refused(reason);
    byChannel.put(blocked.channel, blocked);
    schedule(blocked, dueMs);
  }

  /// Moves the entries of blocked channels behind the others of their channel, and returns the rest
  /// in order.
  List<Entry> withhold(List<Entry> entries) {
    List<Entry> rest = new ArrayList<>();
    for (Entry entry : entries) {
      Blocked blocked = byChannel.get(entry.draft().channel());
      if (blocked == null) {
        rest.add(entry);
      } else {
        blocked.entries.addLast(entry.id());
      }
    }
    return rest;
  }

  /// When the next attempt is due; only if there is a blocked channel.
  long nextDueMs() {
    Blocked first = byDue.peek();
    return first == null ? Long.MAX_VALUE : first.dueMs;
  }

  /// Takes the channel that has been due for longest out of the schedule, or returns null if none
  /// is due. The caller schedules or removes it.
  @Nullable Blocked takeDue(long nowMs) {
    return nextDueMs() <= nowMs ? byDue.poll() : null;
  }

  void schedule(Blocked blocked, long dueMs) {
    blocked.dueMs = dueMs;
    byDue.add(blocked);
  }

  /// Unblocks a channel that is not in the schedule.
  void remove(Blocked blocked) {
    byChannel.remove(blocked.channel);
  }

  /// Unblocks all channels and returns their entries.
  IdQueue removeAll() {
    IdQueue all = new IdQueue();
    for (Blocked blocked : byChannel.values()) {
      while (!blocked.entries.isEmpty()) {
        all.addLast(blocked.entries.removeFirst());
      }
    }
    byChannel.clear();
    byDue.clear();
    return all;
  }
}
