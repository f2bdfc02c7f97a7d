package dev.fanfare.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Other programs on this machine.
public final class Programs {

  private Programs() {}

  /// Installs, with Debian's packages of the same names, those that are not there; fails if one
  /// cannot be had.
  public static void require(String... names) throws IOException {
    for (String name : names) {
      if (!isInstalled(name)) {
        run("sh", "-c", "apt-get update -qq && apt-get install -y -qq " + name);
      }
    }
  }

  private static boolean isInstalled(String name) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
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
