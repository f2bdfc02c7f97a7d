/// The parts of the transport that can be tested without a network.
@NullMarked
package dev.fanfare.transport.fallback;

import org.jspecify.annotations.NullMarked;
