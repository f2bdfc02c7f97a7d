/// Delivery: the [Courier] of each endpoint sends what its [CourierQueue] holds until the endpoint
/// accepts it or it becomes a dead letter. Couriers know the ids of what waits and read the events
/// when they send them.
///
/// May import: `webhook.outbox`; `java.net.http` stays here.
@NullMarked
package dev.fanfare.webhook.courier;

import org.jspecify.annotations.NullMarked;
