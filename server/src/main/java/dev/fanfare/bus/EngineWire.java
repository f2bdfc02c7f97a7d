package dev.fanfare.bus;

import dev.fanfare.observe.HeapExhaustion;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A wire that keeps one connection to the engine. Thread `fanfare-wire` makes it, waits until it
/// is lost, and makes the next one; it never resumes an old one, so every interruption looks alike.
public abstract class EngineWire implements Wire {

  /// The pause between two attempts. Constant, because a node must be back soon after its engine.
  private static final long PAUSE_MS = 500;

  private static final long CLOSE_SECONDS = 5;

  /// A working connection. Any thread.
  public interface Link {

    /// As [Wire#send].
    boolean send(String channel, byte[] datagram);

    /// As [Wire#describe].
    @Nullable EngineTraits describe();

    /// Closes it, without waiting for long. Never throws.
    void close();
  }

  /// What a connection reports. Any thread.
  public interface Events {

    /// A datagram has arrived.
    void received(byte[] datagram);

    /// The connection has failed. Calls after the first do nothing.
    ///
    /// @param reason names no secret
    void lost(String reason);
  }

  private final EngineOptions options;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private volatile @Nullable Link link;
  private volatile boolean isClosed;
  private volatile @Nullable Thread thread;
  private long life;
  // Guarded by the lock: why the current connection ends; counts connections; the next one is due
  // at once; close() may interrupt the thread.
  private @Nullable String ending;
  private long attempt;
  private boolean isUrgent;
  private boolean isInterruptible = true;
  private String reported = "";

  protected EngineWire(EngineOptions options) {
    this.options = options;
  }

  /// Makes a connection with both subscriptions in place. Blocks for some seconds at most.
  ///
  /// @param toAll the name of the channel of every node
  /// @param toThis the name of the channel of this node
  /// @throws IOException it cannot be made; the message is for the log and names no secret
  protected abstract Link connect(String toAll, String toThis, Events events)
      throws IOException, InterruptedException;

  /// Releases what all connections share. Called once, after the last one is closed.
  protected abstract void release();

  /// The engine's name of a channel.
  ///
  /// @param parts to be joined
  protected abstract String channel(String... parts);

  protected final EngineOptions options() {
    return options;
  }

  @Override
  public final void open(long ownLife, Receiver to) {
    life = ownLife;
    Thread made = Thread.ofPlatform().daemon().name("fanfare-wire").unstarted(() -> run(to));
    thread = made;
    made.start();
  }

  @Override
  public final boolean send(long to, byte[] datagram) {
    Link current = link;
    return current != null
        && datagram.length <= maxDatagramBytes()
        && current.send(channel(to), datagram);
  }

  private String channel(long to) {
    String name = options.cluster();
    return to == ALL
        ? channel("fanfare", name, "all")
        : channel("fanfare", name, "n", HexFormat.of().toHexDigits(to));
  }

  @Override
  public final void reconnect(String why) {
    lock.lock();
    try {
      isUrgent = true;
      end(attempt, why);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final String address() {
    return options.address();
  }

  @Override
  public final @Nullable EngineTraits describe() {
    Link current = link;
    return current == null ? null : current.describe();
  }

  private void end(long which, String reason) {
    lock.lock();
    try {
      if (which == attempt && ending == null) {
        ending = reason;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final void close() {
    Thread opened = thread;
    lock.lock();
    try {
      isClosed = true;
      if (opened != null && isInterruptible) {
        opened.interrupt();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (opened == null) {
      release();
      return;
    }
    try {
      boolean _ = opened.join(Duration.ofSeconds(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Receiver to) {
    try {
      while (!isClosed) {
        serve(to);
      }
    } catch (InterruptedException e) {
      // Only close() interrupts this thread.
    } finally {
      shield();
      release();
    }
  }

  /// From here on this thread is not interrupted: libraries that are interrupted while they close a
  /// connection leave it half closed, or throw.
  private void shield() {
    lock.lock();
    try {
      isInterruptible = false;
      boolean _ = Thread.interrupted(); // isClosed says the same
    } finally {
      lock.unlock();
    }
  }

  private void unshield() {
    lock.lock();
    try {
      isInterruptible = true;
    } finally {
      lock.unlock();
    }
  }

  /// One connection from its beginning to its end, and the pause after it.
  private void serve(Receiver to) throws InterruptedException {
    String reason;
    Link made = null;
    try {
      Events events = begin(to);
      made = connect(channel(ALL), channel(life), events);
      link = made;
      reported = "";
      to.onConnected();
      reason = awaitEnd();
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e); // everything else ends this connection only
      reason = e.toString();
    } finally {
      link = null;
      if (made != null) {
        shield();
        made.close();
        unshield();
      }
    }
    if (!reason.equals(reported)) {
      reported = reason;
      to.onDisconnected(reason);
    }
    pause();
  }

  private Events begin(Receiver to) {
    lock.lock();
    try {
      long own = ++attempt;
      ending = null;
      isUrgent = false;
      return new Events() {
        @Override
        public void received(byte[] datagram) {
          to.onDatagram(datagram);
        }

        @Override
        public void lost(String reason) {
          end(own, reason);
        }
      };
    } finally {
      lock.unlock();
    }
  }

  private String awaitEnd() throws InterruptedException {
    lock.lock();
    try {
      while (ending == null) {
        changed.await();
      }
      return ending;
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
      while (left > 0 && !isUrgent && !isClosed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
