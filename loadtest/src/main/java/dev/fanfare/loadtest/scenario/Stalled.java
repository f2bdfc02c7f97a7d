package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.Unit;
import java.util.List;

/// Subscribers that subscribe and then never read: what happens to them, and to the server's
/// memory. They subscribe before all others, so a server that serves in order serves them first.
/// Nothing that happens to them is an error. Confined to the loop's thread.
final class Stalled implements PusherListener {

  private static final long SETTLE_NS = 60_000_000_000L;

  /// After this time without a message a connection counts as open.
  private static final long STILL_NS = 1_000_000_000L;

  private final Rig rig;
  private final int count;
  private List<PusherSocket> sockets = List.of();

  private long arrived;
  private int gone;
  private String firstReason = "";
  private long rssBefore;
  private long rssAfter;

  private Stalled(Rig rig, int count) {
    this.rig = rig;
    this.count = count;
  }

  /// Opens the stalled subscribers of the load, if any; each stops reading once it is subscribed.
  static Stalled openAll(Rig rig, Load load) {
    Stalled all = new Stalled(rig, load.stalled());
    all.sockets =
        rig.openAll(load.stalled(), number -> Subscription.to(load.channelOf(number)), all);
    return all;
  }

  /// Reads the server's memory before anything is published.
  void onLoadBegins() {
    rssBefore = rss();
  }

  /// Reads it again, and finds out which are still connected. A close is seen only after what was
  /// sent before it, so now they read; the data is ignored.
  void onLoadEnds() {
    rssAfter = rss();
    sockets.forEach(PusherSocket::resume);
    long endNs = System.nanoTime() + SETTLE_NS;
    long before = -1;
    while (gone < count && arrived > before && System.nanoTime() - endNs < 0) {
      before = arrived;
      boolean _ = rig.loop().run(() -> gone >= count, System.nanoTime() + STILL_NS, _ -> 0);
    }
  }

  private long rss() {
    ServerProcess server = rig.server();
    return count == 0 || server == null ? 0 : server.rss();
  }

  @Override
  public void onSubscribed(PusherSocket socket, String channel) {
    socket.pause();
  }

  @Override
  public void onDelivery(PusherSocket socket, int publisher, int channel, int sequence, int event) {
    arrived++;
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    gone++;
    firstReason = firstReason.isEmpty() ? reason : firstReason;
  }

  void report(Findings findings) {
    if (count == 0) {
      return;
    }
    findings.figure("stalled", "stalled subscribers", count, Unit.COUNT);
    findings.figure("stalled_disconnected", "  disconnected by the server", gone, Unit.COUNT);
    if (gone > 0) {
      findings.remark(
          "The server disconnected %,d of %s; first reason: %s."
              .formatted(gone, Titles.count(count, "stalled subscriber"), firstReason));
    }
    if (rig.server() == null) {
      findings.remark("The server's memory can be measured with --pid.");
    } else {
      findings.figure(
          "rss_bytes_before", "RSS before the load", (double) rssBefore, Unit.PROCESS_BYTES);
      findings.figure(
          "rss_bytes_after", "RSS after the load", (double) rssAfter, Unit.PROCESS_BYTES);
    }
  }

  void close() {
    sockets.forEach(PusherSocket::cut);
  }
}
