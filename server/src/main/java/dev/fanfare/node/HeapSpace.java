package dev.fanfare.node;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
    Pools heap = new Pools("the heap", pools, Runtime.getRuntime().maxMemory());
    return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
        .filter(collector -> collector.getName().equals("ZGC Major Cycles"))
        .findFirst()
        .map(cycles -> (HeapSpace) new Cycles(heap, cycles))
        .orElse(heap);
  }

  /// A heap that is collected while the program runs. What each pool used after its own last
  /// collection must not be added up: between the two, objects move from one pool to the other. So
  /// the values at the end of one cycle count. They include what was allocated during it.
  ///
  /// @param cycles collects the whole heap
  record Cycles(Pools heap, GarbageCollectorMXBean cycles) implements HeapSpace {

    @Override
    public String name() {
      return heap.name();
    }

    @Override
    public long used() {
      return heap.used();
    }

    @Override
    public long live() {
      GcInfo last = cycles.getLastGcInfo();
      if (last == null) {
        return 0;
      }
      Map<String, MemoryUsage> after = last.getMemoryUsageAfterGc();
      return heap.pools().stream()
          .mapToLong(pool -> Objects.requireNonNull(after.get(pool.getName())).getUsed())
          .sum();
    }

    @Override
    public long max() {
      return heap.max();
    }

    @Override
    public void collect() {
      heap.collect();
    }
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
