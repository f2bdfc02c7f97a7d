package dev.fanfare.observe;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/// What one lane received and sent for one app since the start. Written by that lane only, read by
/// any thread: a count costs one plain addition and one store, and never decreases.
@SuppressWarnings("EnumOrdinal") // an index into memory, computed for every message; never stored
public final class Traffic {

  /// The counters.
  public enum Count {
    /// Bytes of frames with their headers, as on the wire.
    BYTES_RECEIVED,
    BYTES_SENT,
    /// Text messages of any kind.
    MESSAGES_SENT,
    /// Events among those: one published event, written to one socket.
    DELIVERIES,
    /// Connections closed because they read too slowly.
    SLOW_READERS,
    /// Events that were about to be written to those at that moment.
    EVENTS_CUT_OFF,
    /// Subscriptions to which kept events are replayed because their connections read too slowly.
    FELL_BEHIND,
    /// Of these, how often kept events were dropped before they could be sent.
    GAPS,
    // Messages of clients by kind; in the order of #RECEIVED.
    PING,
    PONG,
    SUBSCRIBE,
    UNSUBSCRIBE,
    CLIENT_EVENT,
    SIGN_IN,
    MALFORMED
  }

  /// The kinds of messages that clients send.
  public static final Set<Count> RECEIVED = EnumSet.range(Count.PING, Count.MALFORMED);

  /// Padding on both sides, a cache line each: counters of two lanes must not share one.
  private static final int PAD = 8;

  private final AtomicLongArray counts = new AtomicLongArray(PAD + Count.values().length + PAD);

  /// Adds `more` to a counter. The owning lane only.
  public void add(Count count, long more) {
    int at = PAD + count.ordinal();
    counts.setOpaque(at, counts.getPlain(at) + more);
  }

  /// The count so far; any thread.
  public long get(Count count) {
    return counts.getOpaque(PAD + count.ordinal());
  }
}
