package dev.fanfare.observe;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// What one lane counts: kept by that lane without looking at any other, read by anyone.
public final class LaneTally {

  /// The app of those who are refused before they have one.
  public static final String NO_APP = "";

  private final ConcurrentMap<String, Traffic> byApp = new ConcurrentHashMap<>();
  private final Latency latency = new Latency();
  private volatile int sockets;

  /// Where to count an app's traffic; looked up once for each connection, never for a message. The
  /// owning lane only.
  public Traffic traffic(String appId) {
    return byApp.computeIfAbsent(appId, _ -> new Traffic());
  }

  /// How much this lane counted for an app so far; any thread.
  public long count(String appId, Traffic.Count count) {
    @Nullable Traffic traffic = byApp.get(appId);
    return traffic == null ? 0 : traffic.get(count);
  }

  /// How long events took from their publisher's hand to the kernel's.
  public Latency latency() {
    return latency;
  }

  /// Sockets of this lane, WebSockets or not; any thread.
  public int sockets() {
    return sockets;
  }

  /// Tells how many there are now. The owning lane only.
  public void setSockets(int now) {
    sockets = now;
  }
}
