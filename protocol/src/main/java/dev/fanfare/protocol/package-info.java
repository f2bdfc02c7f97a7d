/// The words on the wire: the Pusher Channels dialect as types, without sockets or threads.
///
/// [ClientMessage] is what a client may say, [ServerMessage] what it hears; [MessageReader] and
/// [MessageWriter] stand between those types and UTF-8 JSON. [Signature] signs and checks, [Limits]
/// names every number, [ChannelName] tells from a name what a channel is. [WebhookEvent] is what an
/// app's own servers are told, [WebhookWriter] makes it JSON.
///
/// Every reader in here is total: no input makes it throw, a refusal is a value that carries the
/// sentence the other side gets to read.
///
/// May import: the JDK, Bouncy Castle (in [Signature]) and Jackson (in [Json] only).
@NullMarked
package dev.fanfare.protocol;

import org.jspecify.annotations.NullMarked;
