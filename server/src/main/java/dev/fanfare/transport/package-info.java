/// Sockets: everything that knows Netty.
///
/// [NettyServer] listens, [Pipeline] says what happens to a socket, [HttpGateway] hands requests to
/// the router, [Upgrade] turns one into a WebSocket, [WebSocketHandler] reads its frames and
/// [NettyConnection] is the only thing that writes to it. [PerMessageDeflate] agrees on
/// compression, [Deflation] and [Inflation] do it. [Remote] says who is on the other side, also
/// behind a [ProxyHeader], [SourceLimits] how much one address may take, [RequestClock] for how
/// long. [PortPolicy] says whether a port speaks [Tls], which [FirstByte] tells from plain text and
/// [TlsEvents] listens to. In here a Netty channel is called `socket`; the word channel belongs to
/// Pusher's.
///
/// May import: everything below it, `http` and `tls`.
@NullMarked
package dev.fanfare.transport;

import org.jspecify.annotations.NullMarked;
