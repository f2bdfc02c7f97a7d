/// Connections over plain HTTP, for clients whose network lets no WebSocket pass: `xhr_streaming`
/// and `xhr_polling` as pusher-js speaks them. A connection lives on the lane of its first request;
/// later ones may come from sockets of other lanes. Start reading at
/// [dev.fanfare.transport.fallback.Fallbacks].
@NullMarked
package dev.fanfare.transport.fallback;

import org.jspecify.annotations.NullMarked;
