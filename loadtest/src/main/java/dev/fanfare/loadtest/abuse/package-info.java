/// The examination `abuse`: attacks, one after the other, beside clients that must not notice them.
///
/// [Bystanders] are a few well-behaved clients, each with a thread: subscribers, publishers, a
/// pinger, health probes and a metrics scrape. An [Examination] measures them before, during and
/// after each attack, which [Attackers] carry out in a separate process, and states facts: the
/// server is alive and ready, no event was lost, its gauges are back. Latencies are reported and
/// not judged.
///
/// May import: the JDK and every other package but `cli`.
@NullMarked
package dev.fanfare.loadtest.abuse;

import org.jspecify.annotations.NullMarked;
