package dev.fanfare.loadtest.scenario;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The operation that a run counts.
///
/// @param operation singular
/// @param plural its plural
/// @param count number so far
/// @param details additional text for the progress line
record Work(String operation, String plural, LongSupplier count, Supplier<String> details) {}
