/// Sockets that speak WebSocket: [Upgrade] decides about a [Handshake] and turns a socket into a
/// WebSocket, [WebSocketHandler] reads its frames and [NettyConnection] is the only class that
/// writes to it. [PerMessageDeflate] negotiates compression.
///
/// May import: `transport`, `transport.address`, `transport.memory`, and what is below `transport`.
@NullMarked
package dev.fanfare.transport.websocket;

import org.jspecify.annotations.NullMarked;
