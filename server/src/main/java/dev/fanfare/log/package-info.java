/// How log lines are written: [LogOutput] sets up format and level, the encoders write a line as
/// text or as JSON, and `LogConsole` writes them to standard output from a separate thread.
/// `logback.xml` names these classes.
///
/// May import: `observe`, `protocol`. Logback is used nowhere else.
@NullMarked
package dev.fanfare.log;

import org.jspecify.annotations.NullMarked;
