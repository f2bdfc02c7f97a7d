package dev.fanfare.loadtest.report;

/// One second of a run.
///
/// @param second since the measured time began
/// @param rate operations per second
/// @param serverPercent of one core, 0 if the server's process is unknown
/// @param generatorPercent how busy the generator's loop was
public record TimePoint(
    double second,
    double rate,
    double p50Us,
    double p99Us,
    double serverPercent,
    double generatorPercent) {}
