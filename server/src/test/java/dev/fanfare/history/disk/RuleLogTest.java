package dev.fanfare.history.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.segment.SegmentLog;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of a rule are opened once: two logs of one folder would write over each other.
final class RuleLogTest {

  private static final int ROUNDS = 20;

  @TempDir private Path folder;

  @Test
  void threadsThatOpenItAtOnceGetOneLog() throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < ROUNDS; i++) {
        CyclicBarrier both = new CyclicBarrier(2);
        RuleLog log = new RuleLog(folder.resolve("" + i), 1 << 20, 60, () -> {});
        Future<SegmentLog> there = other.submit(() -> open(log, both));
        Set<SegmentLog> opened = Collections.newSetFromMap(new IdentityHashMap<>());
        opened.add(open(log, both));
        opened.add(there.get());
        assertThat(opened).hasSize(1);
        assertThat(opened).containsExactly(log.segments());
        log.close(0);
      }
    }
  }

  private static SegmentLog open(RuleLog log, CyclicBarrier both) throws Exception {
    var _ = both.await();
    return log.open();
  }
}
