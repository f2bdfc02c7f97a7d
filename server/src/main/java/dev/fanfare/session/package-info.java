/// One client's conversation with the server.
///
/// [Session] answers what a client says; [Connection] is the port behind which its socket lives;
/// [Sessions] finds sessions by app and user, [Watchlists] tells signed-in users of each other.
///
/// May import: `protocol`, `app`, `observe`, `presence`, `bus`, `auth`, `channel`.
@NullMarked
package dev.fanfare.session;

import org.jspecify.annotations.NullMarked;
