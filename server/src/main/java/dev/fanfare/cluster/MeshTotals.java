package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Rejection;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/// Counters of a [Mesh] since the start. Immutable.
///
/// @param eventsSent to other nodes, once for each of them
/// @param eventsReceived from other nodes
/// @param eventsLate received more than two seconds after they were published
/// @param eventsMissed events of other nodes that did not get here, as those have said
/// @param lost events, by reason
/// @param rejected datagrams, by reason
/// @param retransmissions datagrams that were sent again
/// @param divergences digests that differed; must stay 0
/// @param gone nodes whose lease has ended
/// @param unknownItems items of a newer version that were skipped
@RecordBuilder
public record MeshTotals(
    long eventsSent,
    long eventsReceived,
    long eventsLate,
    long eventsMissed,
    Map<MeshListener.Loss, Long> lost,
    Map<Rejection, Long> rejected,
    long retransmissions,
    long divergences,
    long gone,
    long unknownItems) {}
