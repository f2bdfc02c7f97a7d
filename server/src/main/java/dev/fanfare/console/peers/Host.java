package dev.fanfare.console.peers;

import org.jspecify.annotations.Nullable;

/// Answers the consoles of other nodes. Called by virtual threads, which may block.
public interface Host {

  /// The path of streams.
  String STREAM = "/api/stream";

  /// The JSON that a request gets.
  ///
  /// @param target path and query
  String answer(String appId, String target);

  /// Opens a stream; null if the request is wrong or there are too many streams.
  ///
  /// @param target path and query
  @Nullable Source open(String appId, String target);

  /// One stream. Confined to its thread.
  interface Source extends AutoCloseable {

    /// What comes next; empty if there is nothing. Waits for a while, so that it is called about
    /// ten times a second.
    String next() throws InterruptedException;

    /// True once nothing more comes.
    boolean isOver();

    @Override
    void close();
  }
}
