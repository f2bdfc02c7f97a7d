package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Target;
import org.jspecify.annotations.Nullable;

/// The server under load.
///
/// @param name what it is called in results
/// @param process `null` if it is not to be measured
public record Subject(String name, Target target, @Nullable ServerProcess process) {}
