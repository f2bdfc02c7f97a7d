package dev.fanfare.loadtest;

import dev.fanfare.loadtest.cli.LoadTestCommand;
import io.netty.util.concurrent.FastThreadLocalThread;

/// The program. Everything happens on one thread, of the kind whose buffers Netty caches.
public final class Main {

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    // Read when Netty's classes load: its own checks of every buffer access cost more than our work
    // on a message, and the scanner does its own.
    System.setProperty("io.netty.buffer.checkBounds", "false");
    System.setProperty("io.netty.buffer.checkAccessible", "false");
    int[] exitCode = {1};
    Thread thread =
        new FastThreadLocalThread(() -> exitCode[0] = LoadTestCommand.execute(args), "loadtest");
    thread.start();
    thread.join();
    System.exit(exitCode[0]);
  }
}
