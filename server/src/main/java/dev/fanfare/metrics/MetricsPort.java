package dev.fanfare.metrics;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/// A separate port for the metrics: it works while the lanes do not, and clients need not reach it.
/// One thread accepts; each connection has a virtual thread, because the outbox may block.
///
/// Serves at most [MetricsSlots#MAX] at a time, so that scrapers can never use up the process's
/// files.
final class MetricsPort implements AutoCloseable {

  private static final Logger log = Component.METRICS.logger();

  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Vital vital = new Vital("fanfare-metrics");
  private final ServerSocketChannel listener;
  private final Page page;
  private final int port;

  private final NanoClock clock;
  private final MetricsSlots slots;

  private MetricsPort(ServerSocketChannel listener, Page page, NanoClock clock) throws IOException {
    this.listener = listener;
    this.page = page;
    this.clock = clock;
    this.slots = new MetricsSlots(clock);
    this.port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }

  /// Starts to listen.
  ///
  /// @param clock for the time that clients have
  /// @throws IOException with the address and the settings in the message
  static MetricsPort open(MetricsOptions options, Page page, NanoClock clock) throws IOException {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    if (address.isUnresolved()) {
      throw new IOException("cannot resolve " + options.host() + " for metrics (metrics_host)");
    }
    // As on the main port, 0.0.0.0 is IPv4 only and :: is both.
    boolean isIpv4 = address.getAddress() instanceof Inet4Address;
    ServerSocketChannel listener =
        isIpv4 ? ServerSocketChannel.open(StandardProtocolFamily.INET) : ServerSocketChannel.open();
    try {
      listener.bind(address);
      MetricsPort port = new MetricsPort(listener, page, clock);
      Thread.ofPlatform()
          .name("fanfare-metrics")
          .daemon()
          .start(() -> port.vital.keepAlive(port::accept));
      return port;
    } catch (IOException e) {
      listener.close();
      throw new IOException(
          "cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + " for metrics (metrics_host, metrics_port): "
              + e.getMessage(),
          e);
    }
  }

  /// The pulse of the thread that accepts connections.
  Vital vital() {
    return vital;
  }

  int port() {
    return port;
  }

  private void accept() {
    boolean isLogged = false;
    while (listener.isOpen()) {
      try {
        SocketChannel socket = listener.accept();
        vital.busy();
        isLogged = false;
        if (slots.admit(socket)) {
          MetricsConnection connection = new MetricsConnection(socket, page, slots, clock);
          Thread.ofVirtual().name("fanfare-metrics").start(connection::serve);
        } else {
          socket.close();
        }
        vital.idle();
      } catch (IOException e) {
        if (listener.isOpen() && !isLogged) {
          isLogged = true;
          log.warn("cannot accept a connection for metrics, retrying: {}", e.getMessage());
        }
        LockSupport.parkNanos(RETRY_NS);
      } catch (InterruptedException e) {
        return; // shutdown
      }
    }
  }

  /// Stops listening and ends all connections, answered or not.
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      log.debug("closing the metrics port failed", e);
    }
    slots.close();
  }
}
