/// Pusher channels and the fan-out to their subscribers.
///
/// [Channels] is the registry in which joins and leaves are decided, one [Channel] at a time; each
/// decision is a [Change] and goes to one sink, [Changes]; [Publisher] is the only way to publish;
/// a [Lane] owns all deliveries of one event loop. [Subscriber] and [Frames] are the ports behind
/// which sockets and buffers live.
///
/// May import: `protocol`, `app`, `observe`, `presence`, `bus`.
@NullMarked
package dev.fanfare.channel;

import org.jspecify.annotations.NullMarked;
