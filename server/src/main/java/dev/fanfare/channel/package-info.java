/// Pusher channels: who is subscribed, and what is published.
///
/// [Channels] is the registry in which joins and leaves are decided, one [Channel] at a time; each
/// decision is a [Change] and goes to one sink, [Changes]; [Publisher] is the only way to publish.
/// The room `channel.lane` delivers.
///
/// May import: `protocol`, `app`, `observe`, `presence`, `bus`.
@NullMarked
package dev.fanfare.channel;

import org.jspecify.annotations.NullMarked;
