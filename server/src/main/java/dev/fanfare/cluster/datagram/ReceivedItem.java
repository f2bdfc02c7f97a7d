package dev.fanfare.cluster.datagram;

import dev.fanfare.bus.BusMessage;
import org.jspecify.annotations.Nullable;

/// An item that has arrived.
///
/// @param message null for a control item, and for an item of an unknown type
/// @param type null for an item of an unknown type
/// @param isRequired of an unknown type: the link cannot go on without understanding it
/// @param ageNs how long before the datagram was sent it was decided; of interest, how old the
///   oldest subscription was
/// @param count the entries of a digest, the number of lost events, or of the first event that
///   follows
/// @param hash of a digest
public record ReceivedItem(
    @Nullable ItemType type,
    @Nullable BusMessage message,
    boolean isRequired,
    long ageNs,
    long count,
    long hash) {}
