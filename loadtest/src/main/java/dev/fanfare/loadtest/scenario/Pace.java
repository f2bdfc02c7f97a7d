package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Agent;
import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.plan.Load;

/// Drives a [Publishing] at the warm-up's rate, and in the last quarter of the warm-up at the
/// measured rate, once no event is in flight. Confined to the loop's thread.
final class Pace implements Agent {

  private final Publishing publishing;
  private final EventRing ring;
  private final Load load;
  private final long settleNs;
  private boolean settled;

  /// Starts publishing.
  Pace(Publishing publishing, EventRing ring, Load load, long nowNs) {
    this.publishing = publishing;
    this.ring = ring;
    this.load = load;
    settleNs = nowNs + load.warmupNs() * 3 / 4;
    settled = load.warmupNs() == 0 || load.warmupRate() == load.rate();
    publishing.start(nowNs, settled ? load.rate() : load.warmupRate());
  }

  @Override
  public int onTurn(long nowNs) {
    if (!settled && nowNs - settleNs >= 0) {
      publishing.stop();
      if (ring.undelivered() == 0) {
        settled = true;
        publishing.start(nowNs, load.rate());
      }
    }
    return publishing.onTurn(nowNs);
  }
}
