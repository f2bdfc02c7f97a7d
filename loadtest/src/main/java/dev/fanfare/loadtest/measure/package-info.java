/// Measurements of a run.
///
/// [SequenceLedger] finds lost, duplicated and reordered messages, [EventRing] tracks incomplete
/// events, [LatencyTrack] records times, [ServerProcess] reads the server's CPU time and memory
/// from `/proc`. Nothing here knows sockets; nothing here allocates while messages flow.
///
/// May import: the JDK, HdrHistogram and `plan`.
@NullMarked
package dev.fanfare.loadtest.measure;

import org.jspecify.annotations.NullMarked;
