package dev.fanfare.loadtest.testing;

/// What a [TinyServer] does wrong, so that the harness must notice.
public enum Fault {
  NONE,
  /// One subscriber misses one event.
  LOSE,
  /// One subscriber gets one event twice.
  DOUBLE,
  /// One subscriber gets two events in the wrong order.
  SWAP,
  /// A subscriber gets an event of another channel.
  MISDIRECT,
  /// A subscriber's connection is closed in the middle.
  HANG_UP,
  /// Whoever pings is told to go.
  REFUSE_PINGS,
  /// Something is kept of every connection there ever was.
  LEAK,
  /// Nobody gets compressed messages, whoever asks.
  STAY_PLAIN
}
