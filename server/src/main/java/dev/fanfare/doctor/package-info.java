/// Finds out why clients cannot connect, from where they are: walks the way of a client and of a
/// server SDK step by step, from the name to the delivered event, and says what is wrong and what
/// to do. [Doctor] takes the steps in the order of [Step]; each is a [Check] of its own and ends
/// with an [Outcome]. [ProxyBlock] has what to paste into a proxy.
///
/// Speaks HTTP and WebSocket over plain sockets, because what a client library would mend or hide
/// is what is looked for. Blocks; confined to the thread of one command, except that each step runs
/// on a virtual thread of its own so that it can be given up.
///
/// May import: `app` and `protocol`.
@NullMarked
package dev.fanfare.doctor;

import org.jspecify.annotations.NullMarked;
