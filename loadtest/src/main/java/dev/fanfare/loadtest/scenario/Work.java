package dev.fanfare.loadtest.scenario;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What a run counts.
///
/// @param operation singular
/// @param plural of it
/// @param count how many so far
/// @param details more for the progress line
record Work(String operation, String plural, LongSupplier count, Supplier<String> details) {}
