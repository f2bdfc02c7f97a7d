package dev.fanfare.transport.server;

import dev.fanfare.observe.NanoClock;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/// Closes a listening socket at a moment when no connection waits to be accepted: the kernel resets
/// those, although their clients may have sent a request already. Runs on the listener's loop.
///
/// A loop accepts, serves its sockets and runs scheduled tasks, in this order. After a short turn
/// next to nothing can have arrived since it accepted.
final class ListenerClose implements Runnable {

  private static final long SHORT_TURN_NS = TimeUnit.MICROSECONDS.toNanos(100);

  /// Then it is closed all the same.
  private static final long MAX_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Channel listener;
  private final EventLoop loop;
  private final long startedNs = NanoClock.SYSTEM.nanoTime();
  private long lastTurnNs = startedNs;

  private ListenerClose(Channel listener) {
    this.listener = listener;
    this.loop = listener.eventLoop();
  }

  /// Blocks until the listener is closed; not for event loops.
  static void close(Channel listener) {
    new ListenerClose(listener).nextTurn();
    listener.closeFuture().awaitUninterruptibly();
  }

  private void nextTurn() {
    var _ = loop.schedule(this, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    long nowNs = NanoClock.SYSTEM.nanoTime();
    if (nowNs - lastTurnNs < SHORT_TURN_NS || nowNs - startedNs >= MAX_NS) {
      var _ = listener.close();
    } else {
      lastTurnNs = nowNs;
      nextTurn();
    }
  }
}
