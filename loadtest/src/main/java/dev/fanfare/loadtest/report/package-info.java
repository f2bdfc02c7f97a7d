/// The results of a run, and the ways to show them.
///
/// A [RunResult] has [Figure]s, latencies and a timeline; [ResultFile] writes it as JSON,
/// [TextTable] for a terminal, [HtmlReport] as a self-contained page that can show several files
/// side by side.
///
/// May import: the JDK, `protocol`, `plan` and `measure`.
@NullMarked
package dev.fanfare.loadtest.report;

import org.jspecify.annotations.NullMarked;
