package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.plan.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The `taskset` program, which keeps a process on some cores.
final class Taskset {

  private Taskset() {}

  /// Moves all threads of this process; those it starts later follow.
  static void moveSelf(String cpus) {
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      Process process =
          new ProcessBuilder("taskset", "--all-tasks", "--cpu-list", "--pid", cpus, pid)
              .redirectErrorStream(true)
              .start();
      byte[] said = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new Refusal("taskset refused: " + new String(said, StandardCharsets.UTF_8).strip());
      }
    } catch (IOException e) {
      throw new Refusal("--pin needs the program taskset: " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrupted.");
    }
  }
}
