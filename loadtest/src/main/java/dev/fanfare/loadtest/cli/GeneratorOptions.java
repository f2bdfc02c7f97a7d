package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import picocli.CommandLine.Option;

/// Options for this program itself.
final class GeneratorOptions {

  /// Files that the JVM and the publishers need besides the connections.
  private static final int SPARE_FILES = 200;

  @Option(
      names = "--source-addresses",
      paramLabel = "COUNT",
      defaultValue = "0",
      description =
          "Number of addresses of 127.0.0.0/8 to connect from. Default: enough for all ports.")
  private int sources;

  @Option(
      names = "--no-polling",
      description = "Sleep when idle: needs less CPU, measures less precisely.")
  private boolean sleeping;

  @Option(
      names = "--pin",
      paramLabel = "CPU",
      description = "Run this program on these cores, such as 1 (taskset).")
  private String pin = "";

  /// False if the loop sleeps when there is nothing to do.
  boolean polling() {
    return !sleeping;
  }

  /// As many source addresses as requested, or as `connections` need.
  SourceAddresses sources(long connections, Target target) {
    if (sources < 0 || sources > SourceAddresses.MAX) {
      throw Refusal.usage(
          "--source-addresses is %d, but must be from 0 to %d."
              .formatted(sources, SourceAddresses.MAX));
    }
    return sources > 0
        ? SourceAddresses.of(sources, target.address())
        : SourceAddresses.enoughFor(connections, target.address());
  }

  /// Moves all threads of this process to the requested cores.
  void pin() {
    if (!pin.isEmpty()) {
      Taskset.moveSelf(pin);
    }
  }

  /// Refuses more connections than this process may open files.
  static void requireFiles(int connections) {
    long limit = ServerProcess.ownFileLimit();
    if (limit > 0 && connections + SPARE_FILES > limit) {
      throw new Refusal(
          ("This process may open %,d files, too few for %,d connections."
                  + " Raise the limit (ulimit -n) or use fewer connections.")
              .formatted(limit, connections));
    }
  }
}
