/// The same loads on several servers, in turn.
///
/// A [ComparedServer] is started for each [Row], or is running already; the rounds of a row are
/// interleaved, so that changes of the machine affect all servers alike. [Medians] over the rounds
/// are compared with each other and with [Goal]s by [Comparison].
///
/// May import: the JDK and every other package but `cli`.
@NullMarked
package dev.fanfare.loadtest.compare;

import org.jspecify.annotations.NullMarked;
