package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.plan.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The `taskset` program, which pins a process to cores.
final class Taskset {

  private Taskset() {}

  /// Pins all threads of this process; threads started later inherit it.
  static void moveSelf(String cpus) {
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      Process process =
          new ProcessBuilder("taskset", "--all-tasks", "--cpu-list", "--pid", cpus, pid)
              .redirectErrorStream(true)
              .start();
      byte[] output = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new Refusal("taskset refused: " + new String(output, StandardCharsets.UTF_8).strip());
      }
    } catch (IOException e) {
      throw new Refusal("--pin requires the program taskset: " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrupted.");
    }
  }
}
