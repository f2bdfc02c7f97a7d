package dev.fanfare.loadtest;

import dev.fanfare.loadtest.cli.LoadTestCommand;
import dev.fanfare.loadtest.client.Interruption;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;

/// The program. The run has one thread, of the kind whose buffers Netty caches.
public final class Main {

  /// After Ctrl-C: enough time to receive messages in flight, write the results and stop servers.
  private static final Duration REPORT_TIME = Duration.ofSeconds(60);

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    // Read when Netty's classes load: its checks of every buffer access cost more than our work on
    // a message, and the scanner has its own.
    System.setProperty("io.netty.buffer.checkBounds", "false");
    System.setProperty("io.netty.buffer.checkAccessible", "false");
    int[] exitCode = {1};
    Interruption interruption = new Interruption();
    Thread run =
        new FastThreadLocalThread(
            () -> exitCode[0] = LoadTestCommand.execute(interruption, args), "loadtest");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(run, interruption), "ctrl-c"));
    run.start();
    run.join();
    System.exit(exitCode[0]);
  }

  /// Runs on SIGINT and SIGTERM, and on every exit, when the run has ended already. The JVM stops
  /// when it returns.
  private static void finish(Thread run, Interruption interruption) {
    interruption.request();
    try {
      boolean _ = run.join(REPORT_TIME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
