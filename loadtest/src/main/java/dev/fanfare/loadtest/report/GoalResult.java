package dev.fanfare.loadtest.report;

/// One figure and its goal.
///
/// @param key of the figure
/// @param bound the goal as people read it, such as `<= 0.25 µs`
/// @param met false also if the figure is unknown
public record GoalResult(String key, String bound, boolean met) {}
