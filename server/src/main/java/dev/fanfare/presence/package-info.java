/// The members of presence channels: pure data, no sockets, no threads.
///
/// [Roster] counts each user's connections on this node and reports the first and the last one.
///
/// May import: `protocol`.
@NullMarked
package dev.fanfare.presence;

import org.jspecify.annotations.NullMarked;
