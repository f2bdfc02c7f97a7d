/// NATS: the wire between nodes, and the store that they share.
///
/// [NatsWire] publishes and subscribes with jnats; JetStream is not needed. [NatsStreams] keeps
/// events and positions of clients in JetStream. Loaded only if `cluster.bus` is `nats`.
///
/// May import: everything below it, and `tls`. jnats.
@NullMarked
package dev.fanfare.nats;

import org.jspecify.annotations.NullMarked;
