/// The numbers of a running server, for Prometheus and whatever reads its format.
///
/// [Metrics] is the listener that counts what happens; [Gauges] reads the registries when somebody
/// asks, so that it cannot drift; [LaneMeters] reads what lanes count by themselves.
/// [MetricsServer] puts them together and answers on a port of its own. `docs/metrics.md` has every
/// name, and a test compares.
///
/// May import: everything below it, and `webhook`; Micrometer and the JDK's HTTP server stay here.
@NullMarked
package dev.fanfare.metrics;

import org.jspecify.annotations.NullMarked;
