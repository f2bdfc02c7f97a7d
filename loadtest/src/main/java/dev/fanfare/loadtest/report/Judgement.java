package dev.fanfare.loadtest.report;

/// One figure held against a goal.
///
/// @param key the figure's
/// @param bound what was to be reached, as a person reads it, such as `<= 0.25 µs`
/// @param met false also if the figure is not known
public record Judgement(String key, String bound, boolean met) {}
