/// Several servers under the same loads, in turn.
///
/// A [Contender] is started for each [Row], or runs already; the rounds of a row are interleaved,
/// so that a change of the machine's mood hits all alike. [Medians] over the rounds are what
/// counts; [Comparison] holds them against each other and against [Goal]s.
///
/// May import: the JDK and every package of the harness but `cli`.
@NullMarked
package dev.fanfare.loadtest.compare;

import org.jspecify.annotations.NullMarked;
