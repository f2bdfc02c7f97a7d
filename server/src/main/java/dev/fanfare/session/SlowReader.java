package dev.fanfare.session;

/// A connection for which much waits, since its client reads too slowly.
///
/// @param pendingBytes that the kernel has not accepted yet
/// @param isBehind so much that events are not written to it at the moment
public record SlowReader(String appId, String socketId, long pendingBytes, boolean isBehind) {}
