/// What a run found, and the ways to show it.
///
/// A [RunResult] holds [Figure]s, latencies and a timeline; [ResultFile] writes it as JSON,
/// [TextTable] for a terminal, [HtmlReport] as one page that needs nothing but itself and can show
/// several files side by side.
///
/// May import: the JDK, `protocol`, `plan` and `measure`.
@NullMarked
package dev.fanfare.loadtest.report;

import org.jspecify.annotations.NullMarked;
