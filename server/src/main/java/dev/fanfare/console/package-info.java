/// What happens on this node, for people: a separate port that answers with JSON and streams.
///
/// [Watch] is the listener that collects what happens in a bounded queue of references; [Traces]
/// remembers what was published and what became of it. One thread takes from the queue, fills the
/// [Retrospect] and passes rows to the [RowStreams]. [ConsolePort] answers requests; JSON is made
/// on its threads only. [ConsoleServer] puts them together; nothing of it exists unless it is
/// enabled.
///
/// May import: the words, `auth`, `channel`, `session`; the JDK's HTTP server stays here.
@NullMarked
package dev.fanfare.console;

import org.jspecify.annotations.NullMarked;
