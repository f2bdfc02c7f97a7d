package dev.fanfare.app;

/// How a connection with more than `max_pending_bytes` of unsent data is treated.
public enum SlowReaders {
  /// It is closed with 4100, and its client reconnects.
  DISCONNECT,
  /// Published events are dropped until it has caught up; the server's own notices, such as member
  /// changes, are still queued, up to twice the limit.
  DROP
}
