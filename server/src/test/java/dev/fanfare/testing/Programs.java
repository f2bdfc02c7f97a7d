package dev.fanfare.testing;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// Other programs on this machine.
public final class Programs {

  private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

  private Programs() {}

  /// What must not be done by two JVMs at once, such as to install something.
  interface Task {
    void run() throws IOException;
  }

  /// Runs a task while no other one runs, in this JVM or in another one of this build.
  static void alone(Task task) throws IOException {
    Path lock = Path.of("target", "install.lock");
    Files.createDirectories(lock.resolveSibling(""));
    IN_THIS_JVM.lock();
    try (FileChannel file = FileChannel.open(lock, CREATE, WRITE);
        FileLock _ = file.lock()) {
      task.run();
    } finally {
      IN_THIS_JVM.unlock();
    }
  }

  /// Installs, with Debian's packages of the same names, those that are not there; fails if one
  /// cannot be had.
  public static void require(String... names) throws IOException {
    for (String name : names) {
      alone(() -> {
        if (!isInstalled(name)) {
          run("sh", "-c", "apt-get update -qq && apt-get install -y -qq " + name);
        }
      });
    }
  }

  /// Installs what the tests in JavaScript need: the npm packages and Chromium.
  public static void requireJavaScript() throws IOException {
    alone(() -> run("sh", "src/test/js/setup.sh"));
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
