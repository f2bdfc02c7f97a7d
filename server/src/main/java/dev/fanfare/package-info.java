/// The whole server, put together: [FanfareServer] builds the parts, starts them in order and
/// closes them in reverse; [Main] is the command line.
///
/// A newcomer's way in: `docs/architecture.md` for the map, `protocol` for the words, then
/// `session.Session` for what a client may say and `channel.Lane` for what happens to an event.
/// `StartCommand` reads the configuration, starts a [FanfareServer] and announces it; `Reload`
/// reads it again when a signal asks for it.
///
/// May import: everything; picocli is used nowhere else.
@NullMarked
package dev.fanfare;

import org.jspecify.annotations.NullMarked;
