/// The fan-out of this node: all deliveries of one event loop.
///
/// A [Lane] owns the [Subscription]s of its event loop, an [Audience] for each channel; [Outbound]
/// is what it delivers, and [Lanes] hands it to those that have subscribers. [CatchUp] replays kept
/// events until a subscription has reached the live ones. [Subscriber] and [Frames] are the ports
/// behind which sockets and buffers live.
///
/// May import: `protocol`, `observe`, `history`.
@NullMarked
package dev.fanfare.channel.lane;

import org.jspecify.annotations.NullMarked;
