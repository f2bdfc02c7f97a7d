package dev.fanfare.config.schema;

import dev.fanfare.config.value.Source;

/// The value of one option, and its origin.
///
/// @param name the option as spelled where it was set: `server.port`, `FANFARE_PORT`
public record Setting<T>(T value, Source source, String name) {}
