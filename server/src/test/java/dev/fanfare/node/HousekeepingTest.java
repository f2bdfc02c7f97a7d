package dev.fanfare.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.testing.ErrorLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Tasks that fail are repeated; a lane that has died ends the process.
final class HousekeepingTest {

  private static final int PATIENCE_SECONDS = 30;

  @Test
  void aTaskThatFailsRunsAgainAndDoesNotPreventOthers() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(3);
    CountDownLatch done = new CountDownLatch(3);
    Runnable failing =
        () -> {
          failed.countDown();
          throw new LinkageError("on purpose");
        };
    try (ErrorLog errors = ErrorLog.open();
        Housekeeping _ = Housekeeping.start(NanoClock.SYSTEM, failing, done::countDown)) {
      assertThat(failed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(errors.lines()).isNotEmpty();
    }
  }

  @Test
  void aDeadLaneEndsTheProcess() {
    List<String> ended = new ArrayList<>();
    boolean[] isDead = {false};
    LaneWatch watch = new LaneWatch(() -> isDead[0], () -> ended.add("exit"));
    try (ErrorLog errors = ErrorLog.open()) {
      watch.sweep();
      assertThat(ended).isEmpty();
      isDead[0] = true;
      watch.sweep();
      assertThat(ended).containsExactly("exit");
      assertThat(errors.lines()).hasSize(1);
    }
  }
}
