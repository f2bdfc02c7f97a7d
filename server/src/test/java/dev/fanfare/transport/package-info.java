/// The parts of the transport that need no socket.
@NullMarked
package dev.fanfare.transport;

import org.jspecify.annotations.NullMarked;
