package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import org.jspecify.annotations.Nullable;

/// Who else is connected while a fan-out runs: those who never read, and a probe that pings. Either
/// may be missing. Confined to the loop's thread.
final class Bystanders {

  private final Stalled stalled;
  private final @Nullable Probe probe;

  private Bystanders(Stalled stalled, @Nullable Probe probe) {
    this.stalled = stalled;
    this.probe = probe;
  }

  /// Connects those whom the load asks for, or refuses.
  static Bystanders openAll(Rig rig, Load load) {
    Stalled stalled = Stalled.openAll(rig, load);
    return new Bystanders(stalled, load.probe() ? Probe.start(rig.connector().target()) : null);
  }

  void onLoadBegins() {
    stalled.onLoadBegins();
  }

  /// The measured time begins, or is over.
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
