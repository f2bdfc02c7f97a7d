package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.client.GeneratorLoop;
import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Options about this program itself.
final class GeneratorOptions {

  /// Files a JVM and the publishers need beside the connections.
  private static final int SPARE_FILES = 200;

  @Option(
      names = "--source-addresses",
      defaultValue = "0",
      description =
          "Connect from so many addresses of 127.0.0.0/8. Default: as many as ports require.")
  private int sources;

  @Option(
      names = "--no-polling",
      description = "Sleep when there is nothing to do: spares the core, costs accuracy.")
  private boolean napping;

  @Option(
      names = "--pin",
      paramLabel = "CPU",
      description = "Run this program on one core, such as 1, by means of taskset.")
  private String pin = "";

  /// False if the loop sleeps when there is nothing to do.
  boolean polling() {
    return !napping;
  }

  /// A loop for the calling thread.
  GeneratorLoop loop() {
    return new GeneratorLoop(polling());
  }

  /// As many source addresses as were asked for, or as so many connections need.
  SourceAddresses sources(long connections, Target target) {
    if (sources < 0 || sources > SourceAddresses.MAX) {
      throw new Refusal(
          "--source-addresses is %d, it must be 0 to %d.".formatted(sources, SourceAddresses.MAX));
    }
    return sources > 0
        ? SourceAddresses.of(sources, target.address())
        : SourceAddresses.enoughFor(connections, target.address());
  }

  /// Moves all threads of this process to the core asked for.
  void pin() {
    if (!pin.isEmpty()) {
      Taskset.moveSelf(pin);
    }
  }

  /// Refuses more connections than this process may have files.
  static void requireFiles(int connections) {
    long limit = fileLimit();
    if (limit > 0 && connections + SPARE_FILES > limit) {
      throw new Refusal(
          ("This process may open %,d files, too few for %,d connections."
                  + " Raise the limit (ulimit -n) or ask for fewer.")
              .formatted(limit, connections));
    }
  }

  private static long fileLimit() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          // Columns: name, soft, hard; the JVM has raised the soft one already.
          return Long.parseLong(line.substring(26, 47).strip());
        }
      }
      return 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
