/// Sockets: everything that knows Netty.
///
/// [NettyServer] owns the event loops and their [Listeners], [Pipeline] sets up a socket,
/// [HttpGateway] passes requests to the router, [Upgrade] turns one into a WebSocket,
/// [WebSocketHandler] reads its frames and [NettyConnection] is the only class that writes to it.
/// [PerMessageDeflate] negotiates compression, [Deflation] and [Inflation] do it. [HttpPeer] is the
/// other side of an HTTP socket and [Remote] its address, also behind a [ProxyHeader];
/// [SourceLimits] bounds what one address may use, [RequestClock] the time of a request.
/// [FileBudget] shares out the open files and [AcceptGate] pauses accepting. [PortPolicy] says
/// whether a port accepts [Tls], which [FirstByte] detects and [TlsEvents] reports on. In this
/// package a Netty channel is called `socket`; the word channel means a Pusher channel.
///
/// May import: everything below it, `http` and `tls`.
@NullMarked
package dev.fanfare.transport;

import org.jspecify.annotations.NullMarked;
