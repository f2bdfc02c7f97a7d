package dev.fanfare.node;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;

/// The part of the heap that runs out: the old generation, where everything that lives long ends
/// up. Collectors without one (ZGC, Shenandoah) count with the whole heap.
interface HeapSpace {

  /// As in "of the old generation".
  String name();

  /// Bytes in use, garbage included.
  long used();

  /// Bytes that were in use after the last collection of this space.
  long live();

  /// The size it can grow to, bytes.
  long max();

  /// Collects garbage now; stops every thread meanwhile.
  void collect();

  /// The heap of this process.
  static HeapSpace ofThisProcess() {
    List<MemoryPoolMXBean> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    // "G1 Old Gen", "PS Old Gen", "Tenured Gen"; but not "ZGC Old Generation", which is elastic.
    for (MemoryPoolMXBean pool : pools) {
      boolean isOld = pool.getName().endsWith("Old Gen") || pool.getName().equals("Tenured Gen");
      if (isOld && pool.getCollectionUsage() != null && pool.getUsage().getMax() > 0) {
        return new Pools("the old generation", List.of(pool), pool.getUsage().getMax());
      }
    }
    return new Pools("the heap", pools, Runtime.getRuntime().maxMemory());
  }

  /// Memory pools of the JVM.
  record Pools(String name, List<MemoryPoolMXBean> pools, long max) implements HeapSpace {

    @Override
    public long used() {
      return pools.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    @Override
    public long live() {
      long live = 0;
      for (MemoryPoolMXBean pool : pools) {
        MemoryUsage after = pool.getCollectionUsage();
        live += after == null ? 0 : after.getUsed();
      }
      return live;
    }

    @Override
    public void collect() {
      System.gc();
    }
  }
}
