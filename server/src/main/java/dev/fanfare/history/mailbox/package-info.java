/// How far the readers of a mailbox have confirmed its events, whatever keeps them.
///
/// May import: history, app, protocol.
@NullMarked
package dev.fanfare.history.mailbox;

import org.jspecify.annotations.NullMarked;
