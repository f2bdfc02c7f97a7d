package dev.fanfare.observe;

import dev.fanfare.protocol.Parsed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The pulse of a thread that the server cannot do without. The thread says when it begins and ends
/// a piece of work; a piece that takes too long means that the thread hangs. Waiting for work is no
/// work. Written by that thread, read by any.
public final class Vital {

  /// How long a piece of work may take.
  public static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

  private static final Logger log = Component.SERVER.logger();

  /// How long a thread pauses after a failure, so that one that lasts does not use a processor.
  private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final NanoClock clock;

  /// When the current piece of work began; null between two.
  private volatile @Nullable Long busySinceNs;

  /// @param name of the thread, as in "the thread fanfare-webhooks"
  public Vital(String name) {
    this(name, NanoClock.SYSTEM);
  }

  public Vital(String name, NanoClock clock) {
    this.name = name;
    this.clock = clock;
  }

  /// A piece of work begins.
  public void busy() {
    busySinceNs = clock.nanoTime();
  }

  /// The piece of work has ended.
  public void idle() {
    busySinceNs = null;
  }

  /// Does one piece of work. A failure is logged and ends this piece only.
  public void run(Runnable work) {
    busy();
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      report(e, "thread {} failed, will retry");
    } finally {
      idle();
    }
  }

  /// Runs the loop of a thread until it returns, and restarts it a second after each failure.
  public void keepAlive(Runnable loop) {
    boolean isDone = false;
    while (!isDone) {
      try {
        loop.run();
        isDone = true;
      } catch (RuntimeException | Error e) {
        report(e, "thread {} failed, restarting it");
        LockSupport.parkNanos(PAUSE_NS);
      } finally {
        idle();
      }
    }
  }

  private void report(Throwable thrown, String message) {
    HeapExhaustion.exitIf(thrown);
    try {
      log.error(message, name, thrown);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e); // else it is the log that has failed, and the thread goes on
    }
  }

  /// Fails if the thread hangs, with a sentence without a full stop.
  Parsed<Parsed.Passed> check() {
    Long sinceNs = busySinceNs;
    long forNs = sinceNs == null ? 0 : clock.nanoTime() - sinceNs;
    return forNs < LIMIT_NS
        ? Parsed.PASSED
        : new Parsed.Bad<>(
            "The thread "
                + name
                + " has been stuck for "
                + TimeUnit.NANOSECONDS.toSeconds(forNs)
                + " s");
  }
}
