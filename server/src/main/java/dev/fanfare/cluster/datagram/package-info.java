/// The bytes that nodes exchange.
///
/// A [Datagram] is a beat, data or an acknowledgement; [DatagramCodec] writes and reads it, and
/// rejects everything else whole. Data carries items of links, each with its length: [Item] is one
/// on its way out, with its bytes made once for all nodes, and [ReceivedItem] one that arrived. A
/// [Seal] protects datagrams against damage or forgery.
///
/// May import: `protocol`, `bus`.
@NullMarked
package dev.fanfare.cluster.datagram;

import org.jspecify.annotations.NullMarked;
