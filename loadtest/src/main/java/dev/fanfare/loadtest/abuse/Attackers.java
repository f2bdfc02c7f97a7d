package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.attack.AttackKind;
import dev.fanfare.loadtest.attack.Tally;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The attackers' process, a JVM at a low priority: it takes what server and bystanders leave, as
/// if it ran on another machine. Confined to one thread, and blocks it.
final class Attackers implements AutoCloseable {

  private static final int STOP_SECONDS = 5;
  private static final String NICE = "5";

  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader totals;

  /// @param metrics host and port of the metrics, `null` if they are not to be attacked
  Attackers(Target target, @Nullable Target metrics) {
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      // Ctrl-C is for this process, which stops the other one. Not a separate
                      // session: niceness counts only within one (autogroup).
                      "sh",
                      "-c",
                      "trap '' INT HUP; exec \"$@\"",
                      "sh",
                      "nice",
                      "-n",
                      NICE,
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-XX:+UseSerialGC",
                      "-XX:TieredStopAtLevel=1",
                      "-Xmx512m",
                      "--enable-native-access=ALL-UNNAMED",
                      "-cp",
                      System.getProperty("java.class.path"),
                      AttackProcess.class.getName()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      orders = process.outputWriter(StandardCharsets.UTF_8);
      totals = process.inputReader(StandardCharsets.UTF_8);
      write(AttackProcess.firstLine(target, metrics));
    } catch (IOException e) {
      throw new Refusal("The attackers cannot be started: " + e.getMessage() + ".");
    }
  }

  /// Attacks for that long and returns when everything is closed.
  Tally.Totals attack(AttackKind kind, int sockets, long durationNs) {
    try {
      write(AttackProcess.order(kind, sockets, durationNs));
      String line = totals.readLine();
      if (line == null) {
        throw new Refusal("The attackers' process has ended during " + kind.name() + ".");
      }
      return Tally.Totals.parse(line);
    } catch (IOException e) {
      throw new Refusal("The attackers' process failed: " + e.getMessage() + ".");
    }
  }

  private void write(String line) throws IOException {
    orders.write(line);
    orders.newLine();
    orders.flush();
  }

  @Override
  public void close() {
    try {
      orders.close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
