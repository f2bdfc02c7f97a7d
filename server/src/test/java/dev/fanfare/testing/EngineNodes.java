package dev.fanfare.testing;

import dev.fanfare.app.App;
import java.io.IOException;

/// Processes that are the nodes of one cluster on a real engine.
public interface EngineNodes extends AutoCloseable {

  RunningServer node(int index);

  /// The engine, whose data is in memory unless it has files.
  EngineProcess engine();

  /// True if the engine knows that a reader of a mailbox has confirmed this event.
  ///
  /// @param reader as the engine names it, such as `d:phone`
  /// @param id of the event
  boolean hasConfirmed(App app, String channel, String reader, String id) throws IOException;

  /// True if `/ready` of a node notes that history is not kept.
  default boolean isHistoryAway(int index) throws IOException {
    return RedisNodes.isHistoryAway(node(index));
  }

  /// Waits until each node has the state of all others.
  void awaitJoined();

  /// Sends the process of a node a signal, such as `KILL`, `STOP` or `CONT`.
  default void signal(int index, String signal) throws IOException {
    String _ = Programs.run("kill", "-" + signal, Long.toString(node(index).pid()));
  }

  @Override
  void close();
}
