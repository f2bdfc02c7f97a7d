package dev.fanfare.cluster.loop;

import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// Datagrams from the engine, on their way to the cluster's thread. Threads of the wire add, the
/// cluster's thread takes. Bounded in datagrams and bytes: one that does not fit is dropped and
/// counted, and its link repairs the gap.
final class Incoming {

  static final int MAX_DATAGRAMS = 4_096;
  static final long MAX_BYTES = 16L << 20;

  /// One datagram, above the bits of any number of bytes.
  private static final long DATAGRAM = 1L << 40;

  private static final int QUEUE_CHUNK = 256;

  private final MpscUnboundedAtomicArrayQueue<byte[]> queue =
      new MpscUnboundedAtomicArrayQueue<>(QUEUE_CHUNK);
  private final AtomicLong load = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /// Adds a datagram, unless the queue is full. The last that fits may be of any length, so that
  /// the longest arrives. Any thread.
  void add(byte[] datagram) {
    long before = load.get();
    if (before / DATAGRAM >= MAX_DATAGRAMS || before % DATAGRAM >= MAX_BYTES) {
      dropped.incrementAndGet();
      return;
    }
    load.addAndGet(DATAGRAM + datagram.length);
    queue.offer(datagram);
  }

  /// The next datagram, or null. The cluster's thread.
  byte @Nullable [] poll() {
    byte[] datagram = queue.poll();
    if (datagram != null) {
      load.addAndGet(-DATAGRAM - datagram.length);
    }
    return datagram;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /// How many datagrams were dropped since the start. Any thread.
  long dropped() {
    return dropped.get();
  }
}
