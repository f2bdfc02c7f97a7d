/// The sockets of the generator, and the one thread that drives them.
///
/// [GeneratorLoop] is that thread's loop: it polls two sets of sockets, subscribers and publishers,
/// and handles the publishers after every few subscribers, so that an acknowledgement never waits
/// behind a thousand reads. [PusherSocket] is one client of the server, [HttpSocket] one persistent
/// connection to its HTTP API, [Fleet] opens many clients. Only [BlockingWebSocket]s and other
/// sockets of [BlockingSockets] block, on separate threads. Netty's channels are called sockets
/// here; a channel is always a Pusher channel.
///
/// May import: the JDK, Netty, `protocol`, `plan` and `wire`.
@NullMarked
package dev.fanfare.loadtest.client;

import org.jspecify.annotations.NullMarked;
