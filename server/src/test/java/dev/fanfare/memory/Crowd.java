package dev.fanfare.memory;

import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Many sockets that do the same, a few at a time, and stay open.
final class Crowd implements AutoCloseable {

  private static final int AT_ONCE = 16;

  /// What one socket does. It may fail: the server may cut it at any time.
  @FunctionalInterface
  interface Deed {
    void act(RawSocket socket, int number) throws IOException;
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int port;
  private final Queue<RawSocket> sockets = new ConcurrentLinkedQueue<>();

  Crowd(int port) {
    this.port = port;
  }

  /// Opens so many sockets and blocks until each has acted or failed.
  void act(int size, Deed deed) {
    Semaphore room = new Semaphore(AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < size; i++) {
        int number = i;
        room.acquireUninterruptibly();
        var _ =
            threads.submit(() -> {
              try {
                actOnce(number, deed);
              } finally {
                room.release();
              }
            });
      }
    }
  }

  private void actOnce(int number, Deed deed) {
    try {
      RawSocket socket = new RawSocket(connect());
      socket.patience(PATIENCE);
      sockets.add(socket);
      deed.act(socket, number);
    } catch (IOException e) {
      // cut
    }
  }

  /// A socket with a small receive buffer, so that little waits in the kernel.
  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  @Override
  public void close() throws IOException {
    for (RawSocket socket : sockets) {
      socket.close();
    }
  }
}
