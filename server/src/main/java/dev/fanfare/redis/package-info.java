/// The wire over Redis or Valkey: alone, behind Sentinel, or a Redis Cluster.
///
/// [RedisWire] publishes and subscribes with Lettuce, and stores nothing. [RedisStreams] keeps the
/// events of channels for all nodes. Loaded only if `cluster.bus` is `redis`.
///
/// May import: everything below it, and `tls`. Lettuce.
@NullMarked
package dev.fanfare.redis;

import org.jspecify.annotations.NullMarked;
