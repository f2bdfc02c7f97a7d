package dev.fanfare.console.peers;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// Answers the consoles of other nodes, each request on a virtual thread. Any thread.
final class Answering implements AutoCloseable {

  /// Requests that are answered at a time; more are dropped.
  static final int MAX_REQUESTS = 8;

  /// Streams at a time; more are not opened.
  static final int MAX_STREAMS = 20;

  private static final Logger log = Component.CONSOLE.logger();

  private final Bus bus;
  private final NanoClock clock;
  private final Host host;
  private final Semaphore requests = new Semaphore(MAX_REQUESTS);
  private final Semaphore streams = new Semaphore(MAX_STREAMS);

  /// When each open stream ends, on the clock.
  private final Map<RequestKey, Long> leases = new ConcurrentSkipListMap<>();

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fanfare-console-peer").factory());

  Answering(Bus bus, NanoClock clock, Host host) {
    this.bus = bus;
    this.clock = clock;
    this.host = host;
  }

  /// Never blocks.
  void receive(BusMessage.ConsoleRequest request) {
    boolean isStream = request.target().startsWith(Host.STREAM);
    RequestKey key = new RequestKey(request.node(), request.number());
    boolean isRenewed = isStream && leases.computeIfPresent(key, (_, _) -> leaseNs()) != null;
    Semaphore permits = isStream ? streams : requests;
    if (isRenewed || !permits.tryAcquire()) {
      return;
    }
    try {
      threads.execute(() -> {
        try {
          if (isStream) {
            stream(key, request);
          } else {
            respond(request, host.answer(request.appId(), request.target()));
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt(); // shutdown
        } catch (RuntimeException | Error e) {
          HeapExhaustion.exitIf(e);
          log.error("a request of another node's console failed: {}", request.target(), e);
        } finally {
          permits.release();
        }
      });
    } catch (RejectedExecutionException e) {
      permits.release(); // the server is shutting down
    }
  }

  private void stream(RequestKey key, BusMessage.ConsoleRequest request)
      throws InterruptedException {
    leases.put(key, leaseNs());
    try (Host.Source source = host.open(request.appId(), request.target())) {
      while (source != null && !source.isOver() && clock.nanoTime() - leases.get(key) < 0) {
        String part = source.next();
        if (!part.isEmpty()) {
          respond(request, part);
        }
      }
    } finally {
      leases.remove(key);
    }
  }

  private void respond(BusMessage.ConsoleRequest request, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= Peers.MAX_BYTES) {
      bus.publish(
          new BusMessage.ConsoleResponse(request.appId(), request.node(), request.number(), text));
    } else {
      log.warn("the answer to another node's console is too long: {}", request.target());
    }
  }

  private long leaseNs() {
    return clock.nanoTime() + TimeUnit.SECONDS.toNanos(Peers.LEASE_SECONDS);
  }

  /// Streams that other nodes read.
  int streams() {
    return leases.size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
