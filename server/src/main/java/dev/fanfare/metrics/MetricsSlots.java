package dev.fanfare.metrics;

import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The connections of the metrics port, at most [#MAX]. A new one takes the place of the one that
/// has kept the server waiting for longest: without a request, in the middle of one, or without
/// reading the response. So clients that stall cannot keep Prometheus out. Thread-safe.
final class MetricsSlots {

  static final int MAX = 16;

  /// How long a client may take to read a response while others wait for its place.
  private static final long WRITE_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /// The same for the first byte: it may be there already, and the thread that reads it not have
  /// run yet.
  private static final long NEW_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /// The most that a new connection waits for a place.
  private static final long ADMIT_NS = TimeUnit.SECONDS.toNanos(2);

  /// What a connection is doing; the first are the first to give way.
  enum Stage {
    /// Waiting for the first byte of the next request.
    IDLE,
    /// Waiting for the first byte of the first request.
    NEW,
    /// Waiting for the rest of a request.
    READING,
    /// Sending the response.
    WRITING,
    /// The server is busy with what has arrived, so the connection does not give way.
    SERVING
  }

  /// In the order in which they have entered their stage.
  private final Map<SocketChannel, Slot> slots = new LinkedHashMap<>();

  private final NanoClock clock;

  private boolean isClosed;

  /// True while a new connection waits for a place.
  private boolean isWanted;

  private record Slot(Stage stage, long sinceNs) {}

  MetricsSlots(NanoClock clock) {
    this.clock = clock;
  }

  /// Admits a connection, closes another one for it if necessary; false if there is no place for
  /// two seconds, or the port is closed. May block for these two seconds.
  synchronized boolean admit(SocketChannel socket) throws InterruptedException {
    long deadlineNs = clock.nanoTime() + ADMIT_NS;
    while (!isClosed && slots.size() == MAX && !evict()) {
      long leftNs = Math.min(NEW_NS, deadlineNs - clock.nanoTime());
      if (leftNs <= 0) {
        isWanted = false;
        return false;
      }
      isWanted = true;
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
    isWanted = false;
    return !isClosed && put(socket, Stage.NEW);
  }

  /// The connection begins a stage; false if it was closed meanwhile, or is to give way because it
  /// was answered and another one waits.
  synchronized boolean enter(SocketChannel socket, Stage stage) {
    if (isWanted) {
      notifyAll(); // it may give way now
      if (stage == Stage.IDLE) {
        return false;
      }
    }
    return slots.remove(socket) != null && put(socket, stage);
  }

  /// The connection ends.
  synchronized void end(SocketChannel socket) {
    slots.remove(socket);
    notifyAll();
    close(socket);
  }

  /// Closes all connections, answered or not, and admits no more.
  synchronized void close() {
    isClosed = true;
    slots.keySet().forEach(MetricsSlots::close);
    slots.clear();
    notifyAll();
  }

  private boolean put(SocketChannel socket, Stage stage) {
    slots.put(socket, new Slot(stage, clock.nanoTime()));
    return true;
  }

  private boolean evict() {
    long nowNs = clock.nanoTime();
    return evict(Stage.IDLE, nowNs)
        || evict(Stage.NEW, nowNs - NEW_NS)
        || evict(Stage.READING, nowNs)
        || evict(Stage.WRITING, nowNs - WRITE_NS);
  }

  /// Closes the connection that has been in this stage for longest, if it entered it before a time.
  private boolean evict(Stage stage, long beforeNs) {
    Iterator<Map.Entry<SocketChannel, Slot>> all = slots.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<SocketChannel, Slot> each = all.next();
      Slot slot = each.getValue();
      if (slot.stage == stage && slot.sinceNs - beforeNs <= 0 && !hasInput(stage, each.getKey())) {
        all.remove();
        close(each.getKey());
        return true;
      }
    }
    return false;
  }

  /// True if the server waits for bytes that have arrived: then it is the server that is late.
  private static boolean hasInput(Stage stage, SocketChannel socket) {
    if (stage == Stage.WRITING) {
      return false;
    }
    try {
      return socket.socket().getInputStream().available() > 0;
    } catch (IOException e) {
      return false; // it is about to end
    }
  }

  private static void close(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }
}
