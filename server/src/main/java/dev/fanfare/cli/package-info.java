/// The command line: [Main] and one class per command. `StartCommand` reads the configuration,
/// starts a [dev.fanfare.node.FanfareServer] and announces it; `Signals` shuts it down or calls
/// `Reload`; the other commands connect to a running server or only read the configuration.
///
/// May import: everything; picocli is used nowhere else.
@NullMarked
package dev.fanfare.cli;

import org.jspecify.annotations.NullMarked;
