/// The metrics of a running server, in Prometheus' format.
///
/// [Metrics] is the listener that counts what happens; [Gauges] reads the registries at each
/// scrape, so that it cannot drift; [LaneMeters] reads the counters of lanes. [MetricsServer] puts
/// them together and answers on a separate port. `docs/metrics.md` lists every metric, and a test
/// compares both.
///
/// May import: the packages below it, and `webhook`; Micrometer and the JDK's HTTP server stay
/// here.
@NullMarked
package dev.fanfare.metrics;

import org.jspecify.annotations.NullMarked;
