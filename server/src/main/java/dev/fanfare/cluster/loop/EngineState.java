package dev.fanfare.cluster.loop;

import io.soabase.recordbuilder.core.RecordBuilder;

/// The connection to the engine at one moment. Immutable.
///
/// @param address of the engine, without user or password
/// @param isConnected the wire is connected
/// @param wasReached the wire was connected at least once
/// @param problem why the wire is not connected; empty if it is, or has not failed yet
/// @param sent datagrams handed to the wire since the start
/// @param sentBytes of those
/// @param received datagrams since the start, own ones included
/// @param receivedBytes of those
/// @param dropped datagrams that arrived while too many waited
@RecordBuilder
public record EngineState(
    String address,
    boolean isConnected,
    boolean wasReached,
    String problem,
    long sent,
    long sentBytes,
    long received,
    long receivedBytes,
    long dropped) {}
