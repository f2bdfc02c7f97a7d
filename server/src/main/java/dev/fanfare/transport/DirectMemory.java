package dev.fanfare.transport;

import dev.fanfare.budget.Memory;
import io.netty.util.internal.PlatformDependent;

/// The memory of this process, as Netty counts its direct part.
public final class DirectMemory {

  private DirectMemory() {}

  /// What this process may use. Any thread.
  public static Memory ofProcess() {
    return new Memory(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
  }

  /// Bytes in use now, including those that the allocator keeps for later.
  static long usedBytes() {
    return PlatformDependent.usedDirectMemory();
  }
}
