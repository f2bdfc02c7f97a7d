package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import org.jspecify.annotations.Nullable;

/// Additional connections during a fan-out: subscribers that never read, and a probe that pings.
/// Either may be missing. Confined to the loop's thread.
final class SideConnections {

  private final Stalled stalled;
  private final @Nullable Probe probe;

  private SideConnections(Stalled stalled, @Nullable Probe probe) {
    this.stalled = stalled;
    this.probe = probe;
  }

  /// Opens the connections that the load asks for; throws a refusal if that fails.
  static SideConnections openAll(Rig rig, Load load) {
    Stalled stalled = Stalled.openAll(rig, load);
    return new SideConnections(
        stalled, load.probe() ? Probe.start(rig.connector().target()) : null);
  }

  void onLoadBegins() {
    stalled.onLoadBegins();
  }

  /// The measured time begins, or ends.
  void measure(boolean counted) {
    if (probe != null) {
      probe.measure(counted);
    }
  }

  void onLoadEnds() {
    if (probe != null) {
      probe.stop();
    }
    stalled.onLoadEnds();
  }

  void report(Findings findings) {
    if (probe != null) {
      probe.report(findings);
    }
    stalled.report(findings);
    stalled.close();
  }
}
