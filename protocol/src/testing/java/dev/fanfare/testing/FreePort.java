package dev.fanfare.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for processes that cannot choose one themselves.
public final class FreePort {

  /// Below the ports that Linux gives to outgoing connections and to listeners on port 0, so that
  /// nothing else takes the port before the process listens.
  private static final int LEAST = 12_000;

  private static final int BEYOND = 32_000;

  private FreePort() {}

  /// A port of 127.0.0.1 on which nothing listens at the moment.
  ///
  /// @throws IOException none of 100 ports was free
  public static int number() throws IOException {
    BindException failure = new BindException();
    for (int i = 0; i < 100; i++) {
      int port = ThreadLocalRandom.current().nextInt(LEAST, BEYOND);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException e) {
        failure = e;
      }
    }
    throw failure;
  }
}
