/// The memory that sockets hold on behalf of their peers: [Holdings] of incomplete requests and
/// messages, [Backlog] of what peers have not read. The largest holder is cut first ([Ranking],
/// [Cut]).
///
/// May import: `budget`, `observe`.
@NullMarked
package dev.fanfare.transport.memory;

import org.jspecify.annotations.NullMarked;
