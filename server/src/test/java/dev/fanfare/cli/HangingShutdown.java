package dev.fanfare.cli;

import dev.fanfare.log.LogOptions;
import dev.fanfare.log.LogOutput;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A process whose shutdown never ends: it prints until nothing reads that, and then hangs, and so
/// does everything that writes to the log.
final class HangingShutdown {

  static final String READY = "ready for signals";
  static final String HANGING = "hanging";

  private HangingShutdown() {}

  public static void main(String[] args) throws InterruptedException {
    LogOutput.setUp(LogOptions.DEFAULTS);
    new Signals(HangingShutdown::hang, List.of()).listen();
    System.out.println(READY);
    new CountDownLatch(1).await();
  }

  private static void hang() {
    while (true) {
      System.out.println(HANGING);
    }
  }
}
