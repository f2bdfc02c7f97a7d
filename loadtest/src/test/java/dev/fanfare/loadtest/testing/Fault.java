package dev.fanfare.loadtest.testing;

/// What a [TinyServer] does wrong, and the load test must notice.
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
  /// A subscriber's connection is closed during the run.
  HANG_UP,
  /// The server is gone after an event, with all its connections.
  CRASH,
  /// Clients that ping are disconnected.
  REFUSE_PINGS,
  /// Memory is kept for every connection.
  LEAK,
  /// Compression is never accepted.
  STAY_PLAIN,
  /// The process ends at a request with very many parameters.
  DIE,
  /// The gauge of connections never falls.
  COUNT_UP,
  /// `/ready` says no after a request with very many parameters.
  UNREADY
}
