package dev.fanfare.app;

/// What happens to a connection for which more bytes wait than may (`max_pending_bytes`).
public enum SlowReaders {
  /// It is closed with 4100, and its client connects anew.
  DISCONNECT,
  /// It misses published events until it has caught up; what the server itself says, such as who
  /// joined, still waits for it, up to twice the limit.
  DROP
}
