package dev.fanfare.node;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.Vitals;
import java.util.List;
import org.slf4j.Logger;

/// Logs when a thread that the server needs hangs, and when all of them work again. `/ready` asks
/// [Vitals] itself. Called by housekeeping.
final class ThreadWatch {

  private static final Logger log = Component.SERVER.logger();

  private final Vitals vitals;
  private int stuck;

  ThreadWatch(Vitals vitals) {
    this.vitals = vitals;
  }

  void sweep() {
    List<String> problems = vitals.problems();
    if (problems.size() > stuck) {
      log.error("not ready: {}", String.join("; ", problems));
    } else if (problems.isEmpty() && stuck > 0) {
      log.info("all threads work again");
    }
    stuck = problems.size();
  }
}
