package dev.fanfare.observe;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The counters of one lane: written by that lane only, read by any thread.
public final class LaneTally {

  /// The app id for connections that are refused before they have one.
  public static final String NO_APP = "";

  private final ConcurrentMap<String, Traffic> byApp = new ConcurrentHashMap<>();
  private final Latency latency = new Latency();
  private volatile int sockets;
  private final AtomicLong inputPauses = new AtomicLong();

  // The owning lane only.
  private long behind;
  private long closing;

  /// The counters of an app's traffic; looked up once per connection, never per message. The owning
  /// lane only.
  public Traffic traffic(String appId) {
    return byApp.computeIfAbsent(appId, _ -> new Traffic());
  }

  /// The count of an app on this lane so far; any thread.
  public long count(String appId, Traffic.Count count) {
    @Nullable Traffic traffic = byApp.get(appId);
    return traffic == null ? 0 : traffic.get(count);
  }

  /// The time of events from publish to the write to the kernel.
  public Latency latency() {
    return latency;
  }

  /// How often a socket was not read for a while because it had used more than its share of the
  /// lane; any thread.
  public long inputPauses() {
    return inputPauses.getOpaque();
  }

  /// Counts such a pause. The owning lane only.
  public void inputPaused() {
    inputPauses.setOpaque(inputPauses.getPlain() + 1);
  }

  /// How often an event could not be written for a client that reads too slowly. The owning lane
  /// only, as are the next three.
  public long behind() {
    return behind;
  }

  /// Counts that.
  public void fellBehind() {
    behind++;
  }

  /// How often an event was not written because its connection was ending.
  public long closing() {
    return closing;
  }

  /// Counts that.
  public void wasClosing() {
    closing++;
  }

  /// Open sockets of this lane, WebSockets or not; any thread.
  public int sockets() {
    return sockets;
  }

  /// Sets the number of open sockets. The owning lane only.
  public void setSockets(int now) {
    sockets = now;
  }
}
