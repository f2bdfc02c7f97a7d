package dev.fanfare.cluster.sim;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/// An event loop in virtual time: runs what it is given a moment later, in order, while its node
/// runs.
final class SimLoop implements Executor {

  private final SimNode node;
  private final long delayNs;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean isScheduled;

  SimLoop(SimNode node, long delayNs) {
    this.node = node;
    this.delayNs = delayNs;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!isScheduled) {
      isScheduled = true;
      node.later(delayNs, this::runAll);
    }
  }

  private void runAll() {
    isScheduled = false;
    for (int left = tasks.size(); left > 0; left--) {
      tasks.remove().run();
    }
    if (!tasks.isEmpty() && !isScheduled) {
      isScheduled = true;
      node.later(delayNs, this::runAll);
    }
  }
}
