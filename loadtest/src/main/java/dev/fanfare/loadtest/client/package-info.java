/// The sockets of the generator, and the one thread that moves them.
///
/// [GeneratorLoop] is that thread's loop: it polls two sets of sockets, subscribers and publishers,
/// and looks at the publishers between any few subscribers, so that an acknowledgement never waits
/// behind a thousand reads. [PusherSocket] is one client of the server, [HttpSocket] one keep-alive
/// connection to its HTTP API, [Fleet] opens many clients. [PingSocket] alone blocks, on a thread
/// of its own. Netty's channels are called sockets here; a channel is always a Pusher channel.
///
/// May import: the JDK, Netty, `protocol`, `plan` and `wire`.
@NullMarked
package dev.fanfare.loadtest.client;

import org.jspecify.annotations.NullMarked;
