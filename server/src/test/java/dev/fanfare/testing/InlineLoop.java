package dev.fanfare.testing;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/// An event loop that runs when the test says so, on the test's own thread.
public final class InlineLoop implements Executor {

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /// Runs one task; false if there was none.
  public boolean runOne() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /// Runs until nothing is left to do.
  public void runAll() {
    while (runOne()) {
      // the next one
    }
  }
}
