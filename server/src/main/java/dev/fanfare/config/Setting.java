package dev.fanfare.config;

/// The value of one option, and how it came about.
///
/// @param name the option as it is spelled where it was set: `server.port`, `FANFARE_PORT`
record Setting<T>(T value, Source source, String name) {}
