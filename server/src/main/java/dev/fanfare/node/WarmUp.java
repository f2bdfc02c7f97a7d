package dev.fanfare.node;

import dev.fanfare.node.warm.Crowd;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.transport.OpenFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// Makes the JVM compile what a crowd needs before load balancers send one: for some seconds after
/// the start, a [Crowd] of clients uses a second server, [WarmUpServer], and `/ready` says so. The
/// server accepts clients meanwhile. A failure is only logged.
///
/// Started and closed by one thread; [#sweep] and [#stop] are for any.
final class WarmUp implements AutoCloseable {

  private static final Logger log = Component.SERVER.logger();

  /// Clients at once, each of which needs two open files.
  private static final int CLIENTS = 100;

  /// By then, C2 has seen what is called once for each connection (`always.options` asks for 65,536
  /// calls), so more would not help.
  private static final int ENOUGH = 75_000;

  /// With fewer it would not be a crowd.
  private static final int MIN_CLIENTS = 4;

  /// The part of the free files that may be used.
  private static final int FILES_PART = 16;

  /// How much longer than configured the last wave may take before it is given up. On a machine
  /// that is used by others, a wave takes seconds; the server is ready meanwhile.
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

  private static final Duration STOP_TIME = Duration.ofSeconds(5);

  private final PartOptions options;
  private final int seconds;
  private final OpenFiles files;
  private final Thread thread =
      Thread.ofPlatform().name("fanfare-warm-up").daemon().unstarted(this::run);

  private volatile Readiness readiness = new Readiness();
  private volatile long startNs;
  private volatile boolean isStopped;

  /// While it is true, the thread may be interrupted: what it then waits for are its own sockets.
  private boolean isInterruptible;

  WarmUp(PartOptions options, OpenFiles files) {
    this.options = options;
    this.files = files;
    this.seconds = options.server().warmUpSeconds();
  }

  /// Announces it, if it is configured, before anything is accepted.
  ///
  /// @param readiness of the server, which is not ready until the warm-up is over
  void announce(Readiness readiness) {
    if (seconds > 0) {
      this.readiness = readiness;
      readiness.discourage(Cause.WARM_UP, "The server is warming up");
    }
  }

  /// Begins, if it is configured. Returns at once.
  void start() {
    if (seconds > 0) {
      startNs = now();
      log.info("warming up for {} s", seconds);
      thread.start();
    }
  }

  private static long now() {
    return NanoClock.SYSTEM.nanoTime();
  }

  private void run() {
    try (WarmUpServer server = WarmUpServer.start(options)) {
      String outcome = use(server);
      readiness.allow(Cause.WARM_UP);
      log.info("warmed up: {}", outcome);
    } catch (IOException | RuntimeException e) {
      if (!isStopped) {
        log.warn("the warm-up ended early: {}", isLate() ? "a step takes too long" : e.toString());
      }
    } finally {
      readiness.allow(Cause.WARM_UP);
    }
  }

  /// Lets crowds come and go until the time is over.
  private String use(WarmUpServer server) throws IOException {
    int clients = clients();
    setInterruptible(true);
    try (Crowd crowd = new Crowd(server.address(), server.app(), InstantSource.system(), clients)) {
      while (!isStopped && crowd.connections() < ENOUGH && elapsedNs() < durationNs()) {
        crowd.wave();
      }
      double took = elapsedNs() / (double) TimeUnit.SECONDS.toNanos(1);
      return String.format(
          Locale.ROOT,
          "%d connections and %d events in %.1f s",
          crowd.connections(),
          crowd.events(),
          took);
    } finally {
      setInterruptible(false);
      boolean _ = Thread.interrupted(); // or what is closed next would not be waited for
    }
  }

  /// Throws if there are too few open files for a crowd.
  private int clients() throws IOException {
    int clients = Math.min(CLIENTS, (files.limit() - files.open()) / FILES_PART);
    if (clients < MIN_CLIENTS) {
      throw new IOException("too few open files are left (nofile)");
    }
    return clients;
  }

  private long durationNs() {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  private long elapsedNs() {
    return now() - startNs;
  }

  private boolean isLate() {
    return elapsedNs() > durationNs() + PATIENCE_NS;
  }

  private synchronized void setInterruptible(boolean isInterruptible) {
    this.isInterruptible = isInterruptible;
  }

  private synchronized void interrupt() {
    if (isInterruptible) {
      thread.interrupt();
    }
  }

  /// Lets the server be ready when the time is over, and gives up a wave that hangs.
  void sweep() {
    if (thread.isAlive() && elapsedNs() > durationNs()) {
      readiness.allow(Cause.WARM_UP);
      if (isLate()) {
        interrupt();
      }
    }
  }

  /// Ends it without waiting for that.
  void stop() {
    isStopped = true;
    interrupt();
  }

  /// Ends it and waits until its sockets and threads are gone.
  @Override
  public void close() {
    stop();
    try {
      if (thread.isAlive() && !thread.join(STOP_TIME)) {
        log.warn("the warm-up has not ended within {} s", STOP_TIME.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
