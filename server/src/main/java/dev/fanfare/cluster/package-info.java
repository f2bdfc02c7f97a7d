/// The nodes of a cluster, as one of them sees them.
///
/// [Mesh] is the whole protocol between nodes without a thread, a clock or a socket: messages of
/// this node and datagrams of others go in, datagrams and messages of others come out. Each ordered
/// pair of nodes has a link of numbered items, [OutLink] at the sender and [InLink] at the
/// receiver, which survives any loss, duplication and reordering of datagrams. Each node owns its
/// entries (subscriptions, members, sign-ins) and no other node ever reports them.
///
/// May import: `protocol`, `bus`, `observe`, `channel`, `session`.
@NullMarked
package dev.fanfare.cluster;

import org.jspecify.annotations.NullMarked;
