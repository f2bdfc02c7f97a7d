package dev.fanfare.loadtest.client;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The generator's only loop, run by the thread that created it; everything else in the load test
/// is called from here.
///
/// It polls: a generator that sleeps adds its own wake-up to every latency it reports. Two sets of
/// sockets are served in turn, at most [#BATCH] subscribers and then all publishers: if a thousand
/// ready subscribers came before an acknowledgement, the generator would set the pace. Time spent
/// in turns that found nothing to do is idle time; the rest shows whether the generator itself was
/// the limit.
public final class GeneratorLoop implements AutoCloseable {

  private static final int BATCH = 16;
  private static final long SLEEP_NS = 50_000;

  private final ManualIoEventLoop subscribers;
  private final ManualIoEventLoop publishers;
  private final TurnClock clock = new TurnClock();
  private final boolean polling;
  private final Interruption interruption;

  private long lastTurnNs = System.nanoTime();
  private long idleNs;

  /// @param polling false to sleep for 50 microseconds when there is nothing to do
  public GeneratorLoop(boolean polling) {
    this(polling, new Interruption());
  }

  /// @param polling false to sleep for 50 microseconds when there is nothing to do
  /// @param interruption ends the run early; may come from any thread
  public GeneratorLoop(boolean polling, Interruption interruption) {
    this.polling = polling;
    this.interruption = interruption;
    Thread owner = Thread.currentThread();
    subscribers = new ManualIoEventLoop(owner, handlers(BATCH));
    publishers = new ManualIoEventLoop(owner, handlers(0));
  }

  public TurnClock clock() {
    return clock;
  }

  /// True if the run should end early.
  public boolean isInterrupted() {
    return interruption.isRequested();
  }

  IoEventLoop subscribers() {
    return subscribers;
  }

  IoEventLoop publishers() {
    return publishers;
  }

  /// Nanoseconds without anything to do, since the loop was created.
  public long idleNs() {
    return idleNs;
  }

  /// Runs turns until `done`, at most until the deadline; true if done.
  public boolean run(BooleanSupplier done, long deadlineNs, Agent agent) {
    lastTurnNs = System.nanoTime();
    while (!done.getAsBoolean()) {
      if (lastTurnNs - deadlineNs >= 0) {
        return false;
      }
      turn(agent);
    }
    return true;
  }

  /// Runs turns for this long.
  public void runFor(long durationNs) {
    boolean _ = run(() -> false, System.nanoTime() + durationNs, _ -> 0);
  }

  private void turn(Agent agent) {
    int handled = agent.onTurn(lastTurnNs);
    handled += subscribers.runNow();
    handled += publishers.runNow();
    if (handled == 0 && !polling) {
      LockSupport.parkNanos(SLEEP_NS);
    }
    long now = clock.tick();
    if (handled == 0) {
      idleNs += now - lastTurnNs;
    }
    lastTurnNs = now;
  }

  @Override
  public void close() {
    var _ = subscribers.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    var _ = publishers.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    while (!(subscribers.isTerminated() && publishers.isTerminated())) {
      subscribers.runNow();
      publishers.runNow();
    }
  }

  private static IoHandlerFactory handlers(int maxEvents) {
    return Epoll.isAvailable()
        ? EpollIoHandler.newFactory(maxEvents, DefaultSelectStrategyFactory.INSTANCE)
        : NioIoHandler.newFactory();
  }
}
