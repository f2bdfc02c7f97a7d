package dev.fanfare.node;

import dev.fanfare.log.LogOutput;
import dev.fanfare.observe.Component;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/// Exits the process when the thread of a lane has died: its connections are lost, and nothing can
/// take its place. Called by housekeeping.
final class LaneWatch {

  /// The exit code of a process without one of its lanes.
  static final int EXIT_CODE = 4;

  private static final Logger log = Component.SERVER.logger();

  private final BooleanSupplier isDead;
  private final Runnable exit;

  /// @param isDead true once a lane has ended that should not
  /// @param exit exits the process
  LaneWatch(BooleanSupplier isDead, Runnable exit) {
    this.isDead = isDead;
    this.exit = exit;
  }

  void sweep() {
    if (isDead.getAsBoolean()) {
      log.error("the thread of a lane has died, exiting with code {}", EXIT_CODE);
      exit.run();
    }
  }

  static void exit() {
    LogOutput.flush();
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
