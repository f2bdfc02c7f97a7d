package dev.fanfare.testing;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.cluster.loop.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/// The bus of a node that can say when another node has applied all that this one has published: it
/// publishes a mark, which the other's bus keeps to itself. Thread-safe.
final class MarkedBus implements Bus {

  /// Marks are facts about this app, which no node has.
  private static final String MARKS = "marks-of-the-tests";

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final Cluster cluster;

  /// Interests of this node whose last count may be sent later than what follows it.
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  private final AtomicInteger marks = new AtomicInteger();
  private volatile boolean hasPublished;
  private volatile boolean hasPublishedCounts;
  private volatile int countSeen;
  private volatile int userSeen;

  MarkedBus(Cluster cluster) {
    this.cluster = cluster;
  }

  Cluster cluster() {
    return cluster;
  }

  @Override
  public void publish(BusMessage message) {
    cluster.publish(message);
    if (message instanceof BusMessage.Interest(var app, var channel, int count, _)) {
      Integer before = counts.put(app + " " + channel, count);
      hasPublishedCounts |= before != null && before > 0;
    }
    hasPublished |= !(message instanceof BusMessage.Connections);
  }

  @Override
  public void onMessage(Receiver receiver) {
    cluster.onMessage(
        new Receiver() {
          @Override
          public void onMessage(int node, BusMessage message, long asOfNs) {
            if (!message.appId().equals(MARKS)) {
              receiver.onMessage(node, message, asOfNs);
            } else if (message instanceof BusMessage.Connections(_, int count)) {
              countSeen = count;
            } else if (message instanceof BusMessage.Online(_, var number)) {
              userSeen = Integer.parseInt(number);
            }
          }

          @Override
          public boolean hasRoom(BusMessage event) {
            return receiver.hasRoom(event);
          }
        });
  }

  /// Waits until the other node has applied what this one had published before this call. Counts of
  /// connections are left out: they arrive up to 0.1 s later.
  synchronized void awaitAppliedBy(MarkedBus other) {
    if (!hasPublished) {
      return;
    }
    boolean hasCounts = hasPublishedCounts;
    hasPublished = false;
    hasPublishedCounts = false;
    int mark = marks.incrementAndGet();
    if (hasCounts) {
      cluster.publish(new BusMessage.Connections(MARKS, mark));
      await(() -> other.countSeen >= mark);
    } else {
      cluster.publish(new BusMessage.Online(MARKS, Integer.toString(mark)));
      await(() -> other.userSeen >= mark);
      cluster.publish(new BusMessage.Offline(MARKS, Integer.toString(mark)));
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .until(condition);
  }

  @Override
  public NodesView nodes() {
    return cluster.nodes();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
