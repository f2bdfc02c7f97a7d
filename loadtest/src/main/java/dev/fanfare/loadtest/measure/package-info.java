/// What a run is measured by.
///
/// [SequenceLedger] finds what was lost, doubled or overtaken, [EventRing] knows which events are
/// not complete yet, [LatencyTrack] keeps the times, [ServerProcess] reads from `/proc` what the
/// server paid. Nothing here knows sockets; nothing here allocates while messages flow.
///
/// May import: the JDK, HdrHistogram and `plan`.
@NullMarked
package dev.fanfare.loadtest.measure;

import org.jspecify.annotations.NullMarked;
