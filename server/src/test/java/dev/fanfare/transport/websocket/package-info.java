/// The parts of the transport that can be tested without a network.
@NullMarked
package dev.fanfare.transport.websocket;

import org.jspecify.annotations.NullMarked;
