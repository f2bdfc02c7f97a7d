package dev.fanfare.bus;

/// What an engine says about itself.
///
/// @param product such as `Redis`
/// @param version such as `7.0.15`; empty if the user has no right to read it
/// @param outputLimits of a Redis for its subscribers, as `client-output-buffer-limit pubsub` has
///   them: bytes at once, bytes, seconds, separated by spaces; empty if unknown
public record EngineTraits(String product, String version, String outputLimits) {}
