package dev.fanfare.webhook.outbox;

import dev.fanfare.budget.Share;

/// How the memory for webhooks is divided.
///
/// @param intake bytes of events that were not accepted yet
/// @param heldBack bytes of removals that are held back
/// @param pending bytes of pending events; with a disk, of those that it could not take
/// @param deadLetters bytes of dead letters, likewise
/// @param shadows bytes of pending events of other nodes
/// @param pulses bytes of events that other nodes report and have not accepted yet
public record MemoryParts(
    long intake, long heldBack, long pending, long deadLetters, long shadows, long pulses) {

  private static final int PARTS = 16;

  /// Divides `memory`.
  ///
  /// @param isOnDisk true if pending events are in a file, unless the disk fails
  public static MemoryParts of(Share memory, boolean isOnDisk) {
    long part = memory.limit() / PARTS;
    long half = part / 2;
    return isOnDisk
        ? new MemoryParts(8 * part, 3 * half, 4 * part, part, part, half)
        : new MemoryParts(4 * part, 3 * half, 6 * part, 3 * part, part, half);
  }
}
