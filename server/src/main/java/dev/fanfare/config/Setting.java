package dev.fanfare.config;

/// The value of one option, and its origin.
///
/// @param name the option as spelled where it was set: `server.port`, `FANFARE_PORT`
record Setting<T>(T value, Source source, String name) {}
