package dev.fanfare.session;

/// What is known about the socket of a connection.
///
/// @param pendingBytes that the kernel has not accepted yet
/// @param lastReadNs when anything of the peer was last read, on the server's monotonic clock
/// @param isBehind true while so much waits that events are not written
public record SocketState(long pendingBytes, long lastReadNs, boolean isBehind) {}
