package dev.fanfare.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Other programs on this machine.
public final class Programs {

  private Programs() {}

  /// Skips the test if one of them is not installed.
  public static void assume(String... names) {
    String[] folders = System.getenv("PATH").split(":", -1);
    for (String name : names) {
      boolean found = Arrays.stream(folders).anyMatch(f -> Files.isExecutable(Path.of(f, name)));
      assumeTrue(found, name + " is not installed");
    }
  }

  /// Runs a program to its end and returns what it wrote; fails if it fails.
  public static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = waitFor(process);
    if (exitCode != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + exitCode + "\n" + output);
    }
    return output;
  }

  /// The exit code of a process, once it has ended.
  public static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new AssertionError("interrupted while waiting for " + process.info(), e);
    }
  }
}
