package dev.fanfare.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Passes TCP connections on to a port of this machine, and can break them.
public final class Relay implements AutoCloseable {

  /// Both sides of a connection.
  private final class Pair {

    private final Socket near;
    private final Socket far;
    private volatile boolean isSilent;

    /// One direction has ended.
    private final AtomicBoolean hasEnded = new AtomicBoolean();

    Pair(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void start() {
      Thread.ofVirtual().start(() -> pump(near, far, false));
      Thread.ofVirtual().start(() -> pump(far, near, true));
    }

    private void pump(Socket from, Socket to, boolean areAnswers) {
      byte[] buffer = new byte[16_384];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        int length = in.read(buffer);
        while (length >= 0) {
          if (areAnswers && answerNs > 0) {
            LockSupport.parkNanos(answerNs);
          }
          if (!isSilent) {
            out.write(buffer, 0, length);
          }
          length = in.read(buffer);
        }
        if (isOneAtATime && !isSilent && hasEnded.compareAndSet(false, true)) {
          to.shutdownOutput();
          return; // the other direction may still say something
        }
      } catch (IOException e) {
        // The other direction ends, too.
      }
      if (!isSilent) {
        close();
      }
    }

    private void close() {
      pairs.remove(this);
      closeQuietly(near);
      closeQuietly(far);
    }

    private void reset() {
      try {
        near.setSoLinger(true, 0);
        far.setSoLinger(true, 0);
      } catch (IOException e) {
        // closed already
      }
      close();
    }
  }

  private final ServerSocket server;
  private volatile int port;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private volatile boolean isSilent;
  private volatile boolean isOneAtATime;
  private volatile long answerNs;

  /// Listens on a free port of 127.0.0.1, for connections to `port`.
  public Relay(int port) throws IOException {
    this.port = port;
    server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        awaitTurn();
        Pair pair = pair(near);
        pair.isSilent = isSilent;
        pairs.add(pair);
        pair.start();
      } catch (IOException e) {
        // The engine is not there, or this relay is closed.
      }
    }
  }

  private void awaitTurn() {
    while (isOneAtATime && !pairs.isEmpty() && !server.isClosed()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /// From now on each direction of a connection ends for itself, and a connection begins only when
  /// the ones before it have ended: everything that a client sent on the former one is there first.
  public void oneAtATime() {
    isOneAtATime = true;
  }

  private Pair pair(Socket near) throws IOException {
    try {
      return new Pair(near, new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      closeQuietly(near);
      throw e;
    }
  }

  /// From now on passes new connections on to another port.
  public void moveTo(int other) {
    port = other;
  }

  public int port() {
    return server.getLocalPort();
  }

  /// Ends all connections with RST.
  public void reset() {
    pairs.forEach(Pair::reset);
  }

  /// Sends bytes to the other end of every connection, as if its client had. Between two messages
  /// of the client only.
  public void inject(byte[] bytes) throws IOException {
    for (Pair pair : pairs) {
      pair.far.getOutputStream().write(bytes);
    }
  }

  /// From now on passes nothing on and closes nothing, also of new connections.
  public void silence() {
    isSilent = true;
    pairs.forEach(pair -> pair.isSilent = true);
  }

  /// From now on each part of an answer takes so much longer.
  public void slowDown(Duration time) {
    answerNs = time.toNanos();
  }

  /// Serves new connections again. Those that were silent stay so.
  public void restore() {
    isSilent = false;
  }

  /// The number of connections that are open.
  public int connections() {
    return pairs.size();
  }

  @Override
  public void close() {
    closeQuietly(server);
    pairs.forEach(Pair::close);
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // nothing is left to close
    }
  }
}
