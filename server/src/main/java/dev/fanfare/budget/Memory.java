package dev.fanfare.budget;

/// The memory that a process may use, in bytes.
///
/// @param heapBytes the maximum heap
/// @param directBytes the maximum of direct memory, which is as large as the heap unless
///   `-XX:MaxDirectMemorySize` is set
public record Memory(long heapBytes, long directBytes) {}
