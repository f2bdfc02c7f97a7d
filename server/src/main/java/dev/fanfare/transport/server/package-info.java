/// The listening side: [NettyServer] owns the event loops and their [Listeners], [Pipeline] sets up
/// an accepted socket, [AcceptGate] pauses accepting, [ProxyHeader] reads the PROXY protocol.
///
/// May import: the other packages of `transport`.
@NullMarked
package dev.fanfare.transport.server;

import org.jspecify.annotations.NullMarked;
