/// The protocol state of each client.
///
/// [Session] handles a client's messages, with the help of [Subscribing], [ClientEvents] and
/// [SigningIn]; [Connection] is the port behind which its socket lives; [Sessions] finds sessions
/// by app and user, [Watchlists] notifies signed-in users of each other.
///
/// May import: `protocol`, `app`, `observe`, `presence`, `bus`, `auth`, `channel`.
@NullMarked
package dev.fanfare.session;

import org.jspecify.annotations.NullMarked;
