/// The wire over NATS.
///
/// [NatsWire] publishes and subscribes with jnats; JetStream is not needed. Loaded only if
/// `cluster.bus` is `nats`.
///
/// May import: everything below it, and `tls`. jnats.
@NullMarked
package dev.fanfare.nats;

import org.jspecify.annotations.NullMarked;
