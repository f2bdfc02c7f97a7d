package dev.fanfare.loadtest.measure;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// CPU time of a JVM's JIT compilers: C1, which is quick, and C2, which runs long after the start.
/// Their threads come and go, so [#read] must be called now and then. Confined to one thread.
public final class Compilers {

  /// The beginnings of their threads' names, of which the kernel keeps 15 characters.
  private static final String C1 = "C1 Compiler";

  private static final String C2 = "C2 Compiler";

  private final Supplier<List<Path>> threads;

  /// Seconds by thread, as read last.
  private final Map<Path, Double> seconds = new HashMap<>();

  private boolean isThere;
  private double c1;
  private double c2;

  /// @param threads folders of a process's threads in `/proc`
  Compilers(Supplier<List<Path>> threads) {
    this.threads = threads;
  }

  /// Begins to count.
  public void begin() {
    read();
    c1 = 0;
    c2 = 0;
  }

  /// Counts what they have used since the last time.
  public void read() {
    for (Path thread : threads.get()) {
      String name = ServerProcess.read(thread.resolve("comm"));
      if (name.startsWith(C1)) {
        c1 += growth(thread);
      } else if (name.startsWith(C2)) {
        c2 += growth(thread);
      }
    }
  }

  /// A thread that was not there before has used all of its time since.
  private double growth(Path thread) {
    isThere = true;
    double now = ServerProcess.parseUsed(ServerProcess.read(thread.resolve("schedstat")));
    Double before = seconds.put(thread, now);
    return Math.max(now - (before == null ? 0 : before), 0);
  }

  /// False if the process has no such threads.
  public boolean isThere() {
    return isThere;
  }

  /// Seconds of C1 since [#begin].
  public double c1() {
    return c1;
  }

  /// Seconds of C2 since [#begin].
  public double c2() {
    return c2;
  }
}
