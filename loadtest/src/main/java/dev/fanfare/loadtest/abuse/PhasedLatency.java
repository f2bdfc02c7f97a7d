package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.measure.LatencyTrack;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Latencies of one kind in each phase of one attack. Thread-safe.
final class PhasedLatency {

  private final Map<Phase, LatencyTrack> tracks = new EnumMap<>(Phase.class);

  PhasedLatency(String name) {
    for (Phase phase : Phase.values()) {
      tracks.put(phase, new LatencyTrack(name + " " + phase.title()));
    }
  }

  /// @param phase the phase in which the operation began
  synchronized void record(Phase phase, long ns) {
    Objects.requireNonNull(tracks.get(phase)).record(ns);
  }

  /// The latencies since the last call, one per phase.
  synchronized List<Latency> take() {
    List<Latency> taken = tracks.values().stream().map(LatencyTrack::total).toList();
    tracks.values().forEach(LatencyTrack::restart);
    return taken;
  }
}
