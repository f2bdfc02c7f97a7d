/// One running server: [FanfareServer] builds the parts, starts them in order and closes them in
/// reverse. `Housekeeping` calls what is due every second, such as `Overload`, which sheds load
/// before memory or files run out.
///
/// A newcomer's way in: `docs/architecture.md` for the map, `protocol` for the words, then
/// `session.Session` for what a client may say and `channel.Lane` for what happens to an event.
///
/// May import: every part of the server, but neither `config` nor `cli`: a server is given its
/// options as values.
@NullMarked
package dev.fanfare.node;

import org.jspecify.annotations.NullMarked;
