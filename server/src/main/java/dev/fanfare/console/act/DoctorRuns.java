package dev.fanfare.console.act;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What the doctor examines for users of the console: [#MAX_RUNNING] connections at a time, of
/// which the results are kept for [#KEPT_NS], at most [#MAX]; of more, the oldest are forgotten.
/// Any thread.
public final class DoctorRuns implements AutoCloseable {

  static final int MAX_RUNNING = 2;
  static final int MAX = 20;

  /// Ten minutes.
  static final long KEPT_NS = TimeUnit.MINUTES.toNanos(10);

  private static final Logger log = Component.CONSOLE.logger();

  /// Characters of the text of one step, and of the block.
  private static final int MAX_CHARS = 8_000;

  private static final int MAX_STEPS = 50;

  /// What one step has found.
  ///
  /// @param name such as `tls`
  /// @param result ok, warning, failed or skipped
  public record Step(String name, String result, String text) {}

  /// Examines a server, step by step. Blocks for up to minutes.
  @FunctionalInterface
  public interface Examination {

    /// Returns a configuration to paste into a proxy; null if none would help.
    @Nullable String run(Consumer<Step> progress);
  }

  /// One examination.
  static final class Run {

    private final long id;
    private final String app;
    private final long startedNs;

    // Guarded by this.
    private final List<Step> steps = new ArrayList<>();
    private @Nullable String block;
    private boolean isDone;

    private Run(long id, String app, long startedNs) {
      this.id = id;
      this.app = app;
      this.startedNs = startedNs;
    }

    String id() {
      return Long.toString(id);
    }

    /// The id of the app that it is about.
    String app() {
      return app;
    }

    private synchronized void add(Step step) {
      if (steps.size() < MAX_STEPS) {
        steps.add(new Step(step.name(), step.result(), cut(step.text())));
      }
    }

    private synchronized void end(@Nullable String text) {
      block = text == null ? null : cut(text);
      isDone = true;
    }

    /// What was found so far.
    synchronized List<Step> steps() {
      return List.copyOf(steps);
    }

    /// Null if there is none, or not yet.
    synchronized @Nullable String block() {
      return block;
    }

    synchronized boolean isDone() {
      return isDone;
    }
  }

  private final NanoClock clock;

  // Guarded by this.
  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private long last;

  public DoctorRuns(NanoClock clock) {
    this.clock = clock;
  }

  private static String cut(String text) {
    return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
  }

  /// Starts an examination; null if there are too many.
  ///
  /// @param app that it is about
  synchronized @Nullable Run start(String app, Examination examination) {
    forgetOld();
    threads.removeIf(thread -> !thread.isAlive());
    if (threads.size() >= MAX_RUNNING) {
      return null;
    }
    Run run = new Run(++last, app, clock.nanoTime());
    runs.put(run.id, run);
    if (runs.size() > MAX) {
      runs.pollFirstEntry();
    }
    threads.add(
        Thread.ofVirtual().name("fanfare-console-doctor").start(() -> examine(run, examination)));
    return run;
  }

  private static void examine(Run run, Examination examination) {
    @Nullable String block = null;
    try {
      block = examination.run(run::add);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("the doctor failed", e);
      run.add(new Step("doctor", "failed", "The doctor failed; the server's log has the details"));
    } finally {
      run.end(block);
    }
  }

  private void forgetOld() {
    long nowNs = clock.nanoTime();
    runs.values().removeIf(run -> run.isDone() && nowNs - run.startedNs >= KEPT_NS);
  }

  /// An examination; null if there is none, or not any more.
  synchronized @Nullable Run find(String id) {
    forgetOld();
    return runs.values().stream().filter(run -> run.id().equals(id)).findFirst().orElse(null);
  }

  @Override
  public synchronized void close() {
    threads.forEach(Thread::interrupt);
  }
}
