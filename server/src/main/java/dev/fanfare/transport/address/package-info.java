/// Addresses of peers: an [Ip], a [Network] of them, and the [Remote] end of a socket, also behind
/// trusted proxies.
///
/// May import: nothing of the server.
@NullMarked
package dev.fanfare.transport.address;

import org.jspecify.annotations.NullMarked;
