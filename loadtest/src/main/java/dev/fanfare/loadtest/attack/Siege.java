package dev.fanfare.loadtest.attack;

import dev.fanfare.loadtest.client.BlockingSockets;
import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One attack by many attackers for a limited time. Each attacker is a virtual thread with one
/// socket at a time; what it needs is thread-safe. When [#run] returns, every socket is closed and
/// every thread has ended.
public final class Siege {

  /// Loopback addresses to connect from: closed connections keep their ports for a minute.
  private static final int SOURCES = 64;

  private static final int CONNECT_MILLIS = 5_000;

  /// Pause of an attacker that could not connect; short of spinning on a full backlog.
  private static final long RETRY_NS = 20_000_000L;

  /// The most that a siege lasts longer if no attacker has begun.
  private static final long GRACE_NS = 5_000_000_000L;

  private static final Duration JOIN = Duration.ofSeconds(5);

  private final Target target;
  private final @Nullable InetSocketAddress metrics;
  private final Tally tally = new Tally();
  private final SourceAddresses sources;
  private final Set<AttackSocket> open = ConcurrentHashMap.newKeySet();

  /// Guards `sources`; `ended` is signalled once.
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition ended = lock.newCondition();
  private volatile boolean over;

  /// @param metrics the address of the metrics port, `null` if it is not to be attacked
  public Siege(Target target, @Nullable InetSocketAddress metrics) {
    this.target = target;
    this.metrics = metrics;
    sources = SourceAddresses.of(SOURCES, target.address());
  }

  /// Attacks until the time is up, or [#end] is called. Blocks.
  ///
  /// @param sockets the most sockets to hold at a time
  public Tally.Totals run(AttackKind kind, int sockets, long durationNs)
      throws InterruptedException {
    List<Thread> attackers = new ArrayList<>();
    for (int i = 0; i < Math.min(sockets, kind.maxSockets()); i++) {
      int number = i;
      attackers.add(Thread.startVirtualThread(() -> attack(kind.attack(), number)));
    }
    pause(durationNs);
    // On a busy machine threads may start late; without an attack there is nothing to learn.
    for (long waited = 0; !over && !tally.hasActed() && waited < GRACE_NS; waited += RETRY_NS) {
      pause(RETRY_NS);
    }
    end();
    for (Thread attacker : attackers) {
      boolean _ = attacker.join(JOIN);
    }
    return tally.totals();
  }

  /// Ends the siege from any thread.
  public void end() {
    lock.lock();
    try {
      over = true;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    // An attacker may be opening a socket: it is closed there, see register().
    open.forEach(AttackSocket::abort);
  }

  private void attack(Attack attack, int number) {
    while (!over) {
      try {
        attack.strike(this, number);
      } catch (IOException e) {
        if (!over) {
          tally.answered(reason(e));
          pause(RETRY_NS);
        }
      }
    }
  }

  /// A new connection without a time limit for reads.
  public AttackSocket open() throws IOException {
    return open(0);
  }

  /// A new connection without a time limit for reads.
  ///
  /// @param receiveBuffer bytes that the kernel may hold for it, 0 for the default
  public AttackSocket open(int receiveBuffer) throws IOException {
    return open(receiveBuffer, target.tls());
  }

  /// A new connection over TLS, whatever the target says.
  public AttackSocket openTls() throws IOException {
    return open(0, true);
  }

  /// A new connection without TLS, whatever the target says.
  public AttackSocket openPlain() throws IOException {
    return open(0, false);
  }

  private AttackSocket open(int receiveBuffer, boolean tls) throws IOException {
    Socket plain =
        BlockingSockets.plain(target.address(), nextSource(), receiveBuffer, CONNECT_MILLIS);
    return register(
        new AttackSocket(this, plain, tls ? BlockingSockets.secured(plain, target) : plain));
  }

  /// A new connection to the metrics port.
  public AttackSocket openMetrics() throws IOException {
    if (metrics == null) {
      throw new IOException("no metrics port");
    }
    Socket plain = BlockingSockets.plain(metrics, null, 0, CONNECT_MILLIS);
    return register(new AttackSocket(this, plain, plain));
  }

  private AttackSocket register(AttackSocket socket) throws IOException {
    open.add(socket);
    tally.connected();
    if (over) {
      socket.close();
      throw new EOFException("the siege is over");
    }
    return socket;
  }

  void forget(AttackSocket socket) {
    open.remove(socket);
  }

  private @Nullable InetSocketAddress nextSource() {
    lock.lock();
    try {
      return sources.next();
    } finally {
      lock.unlock();
    }
  }

  public boolean isOver() {
    return over;
  }

  /// Waits, less if the siege ends before.
  public void pause(long ns) {
    lock.lock();
    try {
      long left = ns;
      while (!over && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  public Target target() {
    return target;
  }

  public Tally tally() {
    return tally;
  }

  /// A signer for one thread.
  public SignedRequests signer() {
    return new SignedRequests(target);
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case EOFException _ -> "closed";
      case ConnectException _ -> "connect refused";
      case SocketTimeoutException _ -> "connect timed out";
      case javax.net.ssl.SSLException _ -> "TLS failed";
      default -> {
        String message = String.valueOf(failure.getMessage());
        yield message.contains("reset") || message.contains("Broken pipe")
            ? "reset"
            : message.equals("Socket closed") || message.equals("Socket is closed")
                ? "closed"
                : message;
      }
    };
  }
}
