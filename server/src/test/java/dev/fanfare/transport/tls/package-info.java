/// Handshakes of both engines, without sockets.
@NullMarked
package dev.fanfare.transport.tls;

import org.jspecify.annotations.NullMarked;
