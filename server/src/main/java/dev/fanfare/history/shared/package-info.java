/// What the nodes of a cluster keep together. [dev.fanfare.history.shared.Streams] is the port to
/// the engine that orders and keeps the events of channels.
///
/// May import: what `history` may, `history` and `history.mailbox`.
@NullMarked
package dev.fanfare.history.shared;

import org.jspecify.annotations.NullMarked;
