package dev.fanfare.session;

/// Notes what is written to one socket and read from it, while an operator looks closely. Called on
/// its lane.
public interface SocketLog {

  /// Frames were queued.
  ///
  /// @param waiting bytes that were queued before them
  void onWritten(int bytes, long waiting);

  /// What was queued was handed to the kernel, as far as it took it.
  ///
  /// @param waiting bytes that it did not take
  /// @return true to ask the client for an answer now, with a ping
  boolean onFlushed(long waiting);

  /// The client has sent something.
  void onRead();

  /// True once nothing more is to be noted.
  boolean isOver();
}
