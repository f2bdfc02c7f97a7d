package dev.fanfare.doctor.engine;

import dev.fanfare.bus.Wire;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the wire reports, for one thread that waits for it. Threads of the wire call the
/// [Wire.Receiver].
final class Listener implements Wire.Receiver {

  /// Beyond this, datagrams of a busy cluster are dropped.
  private static final int MAX_DATAGRAMS = 10_000;

  /// Something that was reported.
  sealed interface Event {

    /// Both subscriptions are in place.
    record Connected() implements Event {}

    /// There is no connection.
    record Disconnected(String reason) implements Event {}

    /// A datagram has arrived.
    final class Arrived implements Event {

      private final byte[] datagram;

      Arrived(byte[] datagram) {
        this.datagram = datagram;
      }

      byte[] datagram() {
        return datagram;
      }

      boolean isEqual(byte[] other) {
        return Arrays.equals(datagram, other);
      }
    }
  }

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>(MAX_DATAGRAMS);

  /// The next event; null if there is none until the deadline.
  @Nullable Event next(long deadlineNs, long nowNs) throws InterruptedException {
    return events.poll(Math.max(0, deadlineNs - nowNs), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onDatagram(byte[] datagram) {
    boolean _ = events.offer(new Event.Arrived(datagram));
  }

  @Override
  public void onConnected() {
    boolean _ = events.offer(new Event.Connected());
  }

  @Override
  public void onDisconnected(String reason) {
    boolean _ = events.offer(new Event.Disconnected(reason));
  }
}
