/// Sockets: what those that speak HTTP and those that speak WebSocket have in common. With its
/// subpackages it is everything that knows Netty.
///
/// [SocketContext] is what all sockets share, [LaneContext] what those of one event loop share.
/// [HttpPeer] is the other side of an HTTP socket; [SourceLimits] bounds what one address may use,
/// [FileBudget] shares out the open files, [Heartbeat] checks sockets once a second. [Deflation]
/// and [Inflation] compress. `transport.server` accepts sockets, `transport.http` and
/// `transport.websocket` speak the two protocols. In these packages a Netty channel is called
/// `socket`; the word channel means a Pusher channel.
///
/// May import: `transport.address`, `transport.memory`, everything below `transport`, and `http`.
@NullMarked
package dev.fanfare.transport;

import org.jspecify.annotations.NullMarked;
