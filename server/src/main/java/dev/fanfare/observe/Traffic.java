package dev.fanfare.observe;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/// What one lane received and sent for one app since the start. Counted by that lane only, read by
/// anyone: a count costs one plain addition and one store, and never goes back.
@SuppressWarnings("EnumOrdinal") // a place in memory, chosen for every message; kept nowhere
public final class Traffic {

  /// What is counted.
  public enum Count {
    /// Bytes of frames with their headers, as they are on the wire.
    BYTES_RECEIVED,
    BYTES_SENT,
    /// Text messages, whatever they say.
    MESSAGES_SENT,
    /// Events among those: what somebody published, given to one socket.
    DELIVERIES,
    /// Connections that were closed because they read too slowly.
    SLOW_READERS,
    /// Events that were being given to those at that moment.
    EVENTS_CUT_OFF,
    // Messages of clients, by what they are; the same order as in #RECEIVED.
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

  /// Unused places before and behind, a cache line each: what two lanes count must not share one.
  private static final int PAD = 8;

  private final AtomicLongArray counts = new AtomicLongArray(PAD + Count.values().length + PAD);

  /// Counts `more` of something. The owning lane only.
  public void add(Count count, long more) {
    int at = PAD + count.ordinal();
    counts.setOpaque(at, counts.getPlain(at) + more);
  }

  /// How much was counted so far; any thread.
  public long get(Count count) {
    return counts.getOpaque(PAD + count.ordinal());
  }
}
