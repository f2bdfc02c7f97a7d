/// The command line: options, checks, exit codes. Decides nothing about a load.
///
/// May import: the JDK, picocli and every other package.
@NullMarked
package dev.fanfare.loadtest.cli;

import org.jspecify.annotations.NullMarked;
