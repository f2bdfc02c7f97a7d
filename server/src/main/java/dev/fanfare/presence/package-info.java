/// Who is in a presence channel: pure data, no sockets, no threads.
///
/// [Roster] counts each user's connections on this node and says when a user came or went.
///
/// May import: `protocol`.
@NullMarked
package dev.fanfare.presence;

import org.jspecify.annotations.NullMarked;
