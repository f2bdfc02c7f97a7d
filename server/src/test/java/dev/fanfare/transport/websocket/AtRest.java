package dev.fanfare.transport.websocket;

import dev.fanfare.transport.ServerOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/// Prints what connections cost while nothing happens: sessions on sockets without a network, so
/// that there may be more than files. Run it with
///
///     mvn -q -DskipTests -Pquick,rest -Dexec.skip=false verify -pl server -am
///
/// Arguments: sessions, channels, and seconds of traffic at the end, for the log of a collector.
public final class AtRest {

  private static final Duration QUIET = Duration.ofSeconds(30);
  private static final Duration TENTH = Duration.ofMillis(100);
  private static final int MINUTES = 6;
  private static final int MILLION = 1_000_000;

  /// Connections that are replaced for each hundredth of a second of traffic.
  private static final int REPLACED = 10;

  private AtRest() {}

  public static void main(String... arguments) throws InterruptedException {
    int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : MILLION;
    int channels = arguments.length > 1 ? Integer.parseInt(arguments[1]) : MILLION;
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
    try (QuietCrowd crowd = new QuietCrowd(ServerOptions.DEFAULTS)) {
      run(crowd, sessions, channels, seconds);
    }
  }

  private static void run(QuietCrowd crowd, int sessions, int channels, int seconds)
      throws InterruptedException {
    long emptyBytes = heap();
    crowd.connect(sessions);
    long connectedBytes = heap();
    crowd.subscribe(channels);
    long subscribedBytes = heap();
    print("live heap per session", "%.0f B", (connectedBytes - emptyBytes) / (double) sessions);
    print(
        "live heap per subscription and channel",
        "%.0f B",
        (subscribedBytes - connectedBytes) / (double) sessions);
    crowd.pass(Duration.ofSeconds(3), Duration.ZERO); // the first checks of new connections
    print("longest task of the lane after a crowd", "%.0f µs", crowd.takeLongestMicros());
    var _ = crowd.takeCores(QUIET);
    crowd.pass(QUIET, TENTH);
    print("nothing is due: part of a core", "%.3f %%", 100 * crowd.takeCores(QUIET));
    print("nothing is due: longest task of the lane", "%.0f µs", crowd.takeLongestMicros());
    Duration minute = Duration.ofMinutes(1);
    for (int i = 0; i < MINUTES; i++) {
      crowd.receive();
      crowd.pass(minute, Duration.ZERO);
    }
    print(
        "clients that send each minute, so without pings: part of a core",
        "%.3f %%",
        100 * crowd.takeCores(minute.multipliedBy(MINUTES)));
    print("the same: longest task of the lane", "%.0f µs", crowd.takeLongestMicros());
    print("pings meanwhile", "%.0f", (double) crowd.pings());
    Duration timeout = Duration.ofSeconds(ServerOptions.DEFAULTS.activityTimeoutSeconds() + 5);
    crowd.pass(timeout, Duration.ZERO); // the code of pings is compiled
    var _ = crowd.takeCores(timeout) + crowd.takeLongestMicros();
    int before = crowd.pings();
    crowd.pass(timeout, Duration.ZERO);
    int pings = crowd.pings() - before;
    print("pings answered", "%.0f", pings);
    print(
        "CPU per ping and its answer",
        "%.2f µs",
        timeout.toNanos() * crowd.takeCores(timeout) / pings / 1e3);
    print("with pings: longest task of the lane", "%.0f µs", crowd.takeLongestMicros());
    traffic(crowd, channels, seconds);
    print("all connections are open (1 is yes)", "%.0f", crowd.areAllOpen() ? 1.0 : 0.0);
  }

  /// Connections come and go, which makes garbage of all ages.
  private static void traffic(QuietCrowd crowd, int channels, int seconds)
      throws InterruptedException {
    Random random = new Random(1);
    long endNs = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (System.nanoTime() - endNs < 0) {
      Thread.sleep(10);
      for (int i = 0; i < REPLACED; i++) {
        crowd.replace(random.nextInt(crowd.size()), channels);
      }
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void print(String what, String format, double value) {
    System.out.printf(Locale.ROOT, "| %s | " + format + " |%n", what, value);
  }
}
