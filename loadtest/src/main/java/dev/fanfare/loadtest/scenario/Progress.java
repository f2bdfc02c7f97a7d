package dev.fanfare.loadtest.scenario;

import java.io.PrintStream;

/// One line that shows the progress of a run, rewritten in place on a terminal, otherwise printed
/// now and then. Confined to the loop's thread.
public final class Progress {

  private static final long PLAIN_INTERVAL_NS = 5_000_000_000L;
  private static final int WIDTH = 118;

  private final PrintStream out;
  private final boolean terminal;
  private final boolean quiet;

  private long lastPlainNs = System.nanoTime() - PLAIN_INTERVAL_NS;
  private boolean dirty;

  /// @param quiet true to print nothing at all
  public Progress(PrintStream out, boolean terminal, boolean quiet) {
    this.out = out;
    this.terminal = terminal;
    this.quiet = quiet;
  }

  public void show(String line) {
    if (quiet) {
      return;
    }
    if (terminal) {
      String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
      out.print("\r" + cut + " ".repeat(WIDTH - cut.length()));
      out.flush();
      dirty = true;
    } else if (System.nanoTime() - lastPlainNs >= PLAIN_INTERVAL_NS) {
      lastPlainNs = System.nanoTime();
      out.println(line);
    }
  }

  /// Clears the line, so that something else can be printed.
  public void clear() {
    if (dirty) {
      out.print("\r" + " ".repeat(WIDTH) + "\r");
      out.flush();
      dirty = false;
    }
  }
}
