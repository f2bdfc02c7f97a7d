/// The thread of a node with others.
///
/// [Cluster] is the bus: it drives the mesh between the nodes with one thread, through two bounded
/// queues, `Outgoing` from lanes and `Incoming` from the wire. `Flush` decides when to send,
/// `Reconnects` when a mute connection is given up, `Recount` repairs a queue that was full,
/// `ClusterHealth` and `ClusterLog` say what happens.
///
/// May import: `protocol`, `bus`, `observe`, `cluster`.
@NullMarked
package dev.fanfare.cluster.loop;

import org.jspecify.annotations.NullMarked;
