package dev.fanfare.transport.memory;

import dev.fanfare.budget.Memory;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/// The memory of this process, as Netty counts its direct part.
public final class DirectMemory {

  private static final String JVM_POOL = "direct";

  private DirectMemory() {}

  /// What this process may use. Any thread.
  public static Memory ofProcess() {
    return new Memory(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
  }

  /// Bytes that are needed now, without what the allocator keeps for later. The JVM counts its own
  /// buffers separately, up to the same limit: the fuller of the two counts. Any thread.
  public static long neededBytes() {
    PooledByteBufAllocator pooled = PooledByteBufAllocator.DEFAULT;
    long kept = pooled.metric().usedDirectMemory() - pooled.pinnedDirectMemory();
    return Math.max(Math.max(0, PlatformDependent.usedDirectMemory() - kept), usedByJvm());
  }

  /// The limit of either count, bytes: `-XX:MaxDirectMemorySize`, by default the size of the heap.
  public static long limitBytes() {
    return PlatformDependent.maxDirectMemory();
  }

  private static long usedByJvm() {
    long used = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals(JVM_POOL)) {
        used = pool.getMemoryUsed();
      }
    }
    return used;
  }
}
