/// What `fanfare tail`, `top`, `trace` and `publish --trace` share: signed requests to the console
/// of a running server, and its answers as text for a terminal.
///
/// May import: `app`, `webhook`, and nothing else of the commands.
@NullMarked
package dev.fanfare.cli.console;

import org.jspecify.annotations.NullMarked;
