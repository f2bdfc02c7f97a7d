package dev.fanfare.telemetry;

import dev.fanfare.channel.lane.DeliveryTrace;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The span of an event on one channel, from the publish until its last lane has handed it to its
/// sockets. Any thread.
final class Delivery implements DeliveryTrace {

  private static final int QUEUED = 0;
  private static final int WALKED = 1;
  private static final int REACHED = 2;
  private static final int EXCLUDED = 3;
  private static final int BEHIND = 4;
  private static final int CLOSING = 5;
  private static final int COUNTS = 6;

  final long id;
  final String channel;

  /// Connections subscribed on this node when it was published.
  final int subscribers;

  final long beganNs;

  private final Clock clock;
  private final AtomicIntegerArray counts = new AtomicIntegerArray(COUNTS);
  private volatile long walkedNs;

  Delivery(long id, String channel, int subscribers, Clock clock) {
    this.id = id;
    this.channel = channel;
    this.subscribers = subscribers;
    this.clock = clock;
    this.beganNs = clock.nowNs();
    this.walkedNs = beganNs;
  }

  /// Other nodes do not follow it.
  @Override
  public long id() {
    return 0;
  }

  @Override
  public void onQueued(int lane) {
    counts.incrementAndGet(QUEUED);
  }

  @Override
  public void onWalked(int lane, Walk walk) {
    walkedNs = clock.nowNs();
    counts.addAndGet(REACHED, walk.reached());
    counts.addAndGet(EXCLUDED, walk.excluded());
    counts.addAndGet(BEHIND, walk.behind());
    counts.addAndGet(CLOSING, walk.closing());
    counts.incrementAndGet(WALKED); // last: it says that the rest is there
  }

  /// True if every lane is done. Only once the publish is over: until then, lanes may be added.
  boolean isOver() {
    return counts.get(WALKED) >= counts.get(QUEUED);
  }

  /// When the last lane was done so far; when it began if there is none.
  long endedNs() {
    return walkedNs;
  }

  int lanes() {
    return counts.get(WALKED);
  }

  int reached() {
    return counts.get(REACHED);
  }

  int excluded() {
    return counts.get(EXCLUDED);
  }

  int behind() {
    return counts.get(BEHIND);
  }

  int closing() {
    return counts.get(CLOSING);
  }
}
