/// Connections that a user of the console looks at closely: what was written to their sockets, and
/// when they answered.
@NullMarked
package dev.fanfare.console.arm;

import org.jspecify.annotations.NullMarked;
