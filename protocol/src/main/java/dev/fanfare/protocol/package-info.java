/// The wire format: the Pusher Channels dialect as types, without sockets or threads.
///
/// [ClientMessage] is what a client may send, [ServerMessage] what it receives; [MessageReader] and
/// [MessageWriter] convert between those types and UTF-8 JSON. [Signature] signs and verifies,
/// [Limits] names every limit, [ChannelName] derives a channel's properties from its name.
/// [Publication] is an event on its way to the subscribers of a channel. [WebhookEvent] is an event
/// that an app's servers receive, [WebhookWriter] writes it as JSON. [WebSocketFrame] and
/// [WebSocketHandshake] are what programs that play the client, such as the doctor, write and read.
///
/// Every parser in this package is total: no input makes it throw. Invalid input becomes a value
/// that contains the reason for its sender.
///
/// May import: the JDK, Bouncy Castle (in [Signature]) and Jackson (in classes named `Json…` only).
@NullMarked
package dev.fanfare.protocol;

import org.jspecify.annotations.NullMarked;
