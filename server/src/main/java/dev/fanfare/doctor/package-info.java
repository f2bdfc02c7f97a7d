/// Finds out why clients cannot connect: retraces the connection of a client and of a server SDK
/// step by step, from name resolution to the delivered event, and reports what is wrong and what to
/// do. [Doctor] runs the steps in the order of [Step]; each is a [Check] with an [Outcome].
/// [ProxyBlock] has the configuration to paste into a proxy.
///
/// Uses HTTP and WebSocket over plain sockets, because a client library would correct or hide the
/// very faults that it looks for. Blocks; confined to the thread of one command, except that each
/// step runs on a virtual thread so that it can be abandoned.
///
/// May import: `app` and `protocol`.
@NullMarked
package dev.fanfare.doctor;

import org.jspecify.annotations.NullMarked;
