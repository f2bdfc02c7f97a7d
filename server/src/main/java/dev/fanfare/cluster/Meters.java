package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Rejection;
import java.util.EnumMap;
import java.util.Map;

/// Counts what a [Mesh] does. Confined to one thread.
final class Meters {

  long eventsSent;
  long eventsReceived;
  long eventsLate;
  long eventsMissed;
  long retransmissions;
  long divergences;
  long gone;
  long unknownItems;

  private final Map<MeshListener.Loss, Long> lost = new EnumMap<>(MeshListener.Loss.class);
  private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);

  void lost(MeshListener.Loss reason, long events) {
    lost.merge(reason, events, Long::sum);
  }

  long lostTotal() {
    return lost.values().stream().mapToLong(Long::longValue).sum();
  }

  void rejected(Rejection reason) {
    rejected.merge(reason, 1L, Long::sum);
  }

  MeshTotals totals() {
    return MeshTotalsBuilder.builder()
        .eventsSent(eventsSent)
        .eventsReceived(eventsReceived)
        .eventsLate(eventsLate)
        .eventsMissed(eventsMissed)
        .lost(new EnumMap<>(lost))
        .rejected(new EnumMap<>(rejected))
        .retransmissions(retransmissions)
        .divergences(divergences)
        .gone(gone)
        .unknownItems(unknownItems)
        .build();
  }
}
