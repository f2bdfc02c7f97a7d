package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.measure.LatencyTrack;
import java.util.ArrayList;
import java.util.List;

/// Latencies of one kind in each phase of one attack. Thread-safe.
final class PhasedLatency {

  private final String name;
  private final List<LatencyTrack> tracks = new ArrayList<>();

  PhasedLatency(String name) {
    this.name = name;
    for (Phase phase : Phase.values()) {
      tracks.add(new LatencyTrack(name + " " + phase.title()));
    }
  }

  String name() {
    return name;
  }

  /// @param phase the phase in which the operation began
  synchronized void record(Phase phase, long ns) {
    tracks.get(phase.ordinal()).record(ns);
  }

  /// The latencies since the last call, one per phase.
  synchronized List<Latency> take() {
    List<Latency> taken = tracks.stream().map(LatencyTrack::total).toList();
    tracks.forEach(LatencyTrack::restart);
    return taken;
  }
}
