package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.transport.SocketInput.Hold;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Sockets of one lane whose input takes as long to handle as a test says.
final class SocketInputTest {

  private static final int GREEDY = 50;

  private final ManualClock clock = new ManualClock();
  private final LaneTally tally = new LaneTally();
  private final InputBudget budget = new InputBudget(clock, tally);

  private EmbeddedChannel socket() {
    EmbeddedChannel socket = new EmbeddedChannel();
    socket.freezeTime();
    SocketInput.install(socket, budget);
    return socket;
  }

  private List<EmbeddedChannel> sockets(int count) {
    List<EmbeddedChannel> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(socket());
    }
    return sockets;
  }

  /// Reads as much as it may once, unless reading is off.
  private void read(EmbeddedChannel socket, int micros) {
    read(socket, micros, SocketInput.of(socket).guess());
  }

  private void read(EmbeddedChannel socket, int micros, int bytes) {
    if (socket.config().isAutoRead()) {
      SocketInput input = SocketInput.of(socket);
      input.reset(socket.config());
      input.allocate(UnpooledByteBufAllocator.DEFAULT).release();
      input.lastBytesRead(bytes);
      clock.advance(Duration.ofNanos(micros * 1_000L));
      input.readComplete();
      socket.runPendingTasks();
    }
  }

  private void idle(EmbeddedChannel socket, int millis) {
    clock.advance(Duration.ofMillis(millis));
    socket.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    socket.runScheduledPendingTasks();
  }

  /// Passes the longest pause, in no time for the lane.
  private static void endPause(EmbeddedChannel socket) {
    socket.advanceTimeBy(1, TimeUnit.SECONDS);
    socket.runScheduledPendingTasks();
  }

  private List<EmbeddedChannel> crowd() {
    List<EmbeddedChannel> crowd = sockets(GREEDY);
    for (int round = 0; round < 12; round++) {
      crowd.forEach(socket -> read(socket, 800));
    }
    return crowd;
  }

  private static boolean isPaused(EmbeddedChannel socket) {
    return SocketInput.of(socket).isHeld(Hold.SHARE);
  }

  @Test
  void whileALaneIsBusyTheGreedyWaitAndTheModestDoNot() {
    EmbeddedChannel modest = socket();
    List<EmbeddedChannel> crowd = sockets(GREEDY);
    for (int round = 0; round < 12; round++) {
      crowd.forEach(socket -> read(socket, 800));
      read(modest, 10);
      assertThat(isPaused(modest)).isFalse();
    }
    assertThat(crowd).allMatch(SocketInputTest::isPaused);
    assertThat(crowd).noneMatch(socket -> socket.config().isAutoRead());
    assertThat(tally.inputPauses()).isEqualTo(GREEDY);
  }

  @Test
  void aPauseEndsWhenTheShareIsPaid() {
    EmbeddedChannel one = crowd().getFirst();
    assertThat(isPaused(one)).isTrue();
    idle(one, 1_000); // the longest pause
    assertThat(isPaused(one)).isFalse();
    assertThat(one.config().isAutoRead()).isTrue();
  }

  @Test
  void readsBecomeSmallerAndGrowAgain() {
    EmbeddedChannel one = crowd().getFirst();
    assertThat(SocketInput.of(one).guess()).isLessThan(SocketInput.MAX_BYTES);
    idle(one, 60_000);
    for (int i = 0; i < 5; i++) {
      read(one, 1);
      idle(one, 20); // a window
    }
    assertThat(SocketInput.of(one).guess()).isEqualTo(SocketInput.MAX_BYTES);
  }

  @Test
  void aFewSocketsMayKeepALaneBusy() {
    List<EmbeddedChannel> few = sockets(8);
    for (int round = 0; round < 200; round++) {
      few.forEach(socket -> read(socket, 1_000));
    }
    assertThat(few).noneMatch(SocketInputTest::isPaused);
  }

  @Test
  void readsAreFullWhileARoundIsShort() {
    List<EmbeddedChannel> few = sockets(4);
    for (int round = 0; round < 200; round++) {
      few.forEach(socket -> read(socket, 600));
    }
    assertThat(few).allMatch(socket -> SocketInput.of(socket).guess() == SocketInput.MAX_BYTES);
  }

  @Test
  void readsBecomeSmallerUntilARoundIsShort() {
    List<EmbeddedChannel> some = sockets(8);
    for (int round = 0; round < 200; round++) {
      some.forEach(socket -> read(socket, SocketInput.of(socket).guess() / 4));
    }
    assertThat(some)
        .allSatisfy(socket -> {
          assertThat(isPaused(socket)).isFalse();
          assertThat(SocketInput.of(socket).guess()).isBetween(1_000, 1_500); // 8 of 300 µs
        });
  }

  @Test
  void theLimitIsLiftedWhenOnlyAFewKeepTheLaneBusy() {
    List<EmbeddedChannel> crowd = crowd();
    List<EmbeddedChannel> few = sockets(4);
    for (int i = 0; i < 4; i++) {
      few.forEach(socket -> read(socket, 1_000, 500));
    }
    assertThat(budget.isLimited()).isTrue(); // the crowd only waits
    crowd.forEach(SocketInputTest::endPause);
    for (int round = 0; round < 20; round++) {
      few.forEach(SocketInputTest::endPause);
      few.forEach(socket -> read(socket, 1_000, 500));
    }
    assertThat(budget.isLimited()).isFalse();
    few.forEach(SocketInputTest::endPause);
    for (int round = 0; round < 200; round++) {
      few.forEach(socket -> read(socket, 1_000, 500));
    }
    assertThat(few).noneMatch(SocketInputTest::isPaused);
  }

  @Test
  void theLimitStaysWhileACrowdWouldFillRoundsWithoutIt() {
    List<EmbeddedChannel> crowd = crowd();
    for (int round = 0; round < 200; round++) {
      crowd.forEach(SocketInputTest::endPause);
      // Smaller reads take less time, but the limit is the only reason for it.
      crowd.forEach(socket -> read(socket, SocketInput.of(socket).guess() / 8));
    }
    assertThat(budget.isLimited()).isTrue();
  }

  @Test
  void waitingForAProcessorDoesNotCount() {
    List<EmbeddedChannel> few = sockets(8);
    for (int round = 0; round < 200; round++) {
      few.forEach(socket -> read(socket, 25_000));
    }
    assertThat(few).noneMatch(SocketInputTest::isPaused);
    assertThat(budget.isLimited()).isFalse();
  }

  @Test
  void manySocketsMayUseHalfOfALane() {
    List<EmbeddedChannel> many = sockets(200);
    for (int round = 0; round < 20; round++) {
      for (EmbeddedChannel socket : many) {
        read(socket, 400);
        clock.advance(Duration.ofNanos(400_000));
      }
    }
    assertThat(many).noneMatch(SocketInputTest::isPaused);
  }

  @Test
  void newcomersDoNotWaitForEachOther() {
    for (int batch = 0; batch < 40; batch++) {
      List<EmbeddedChannel> newcomers = sockets(50);
      for (int i = 0; i < 4; i++) {
        newcomers.forEach(socket -> read(socket, 800, 500));
      }
    }
    assertThat(budget.isLimited()).isFalse();
  }

  @Test
  void aSocketWithTheSecretIsNeitherLimitedNorCounted() {
    EmbeddedChannel trusted = socket();
    SocketInput.of(trusted).trust();
    List<EmbeddedChannel> keyHolders = sockets(GREEDY);
    keyHolders.forEach(socket -> SocketInput.of(socket).trust());
    for (int round = 0; round < 12; round++) {
      keyHolders.forEach(socket -> read(socket, 800));
    }
    assertThat(budget.isLimited()).isFalse();
    crowd();
    for (int i = 0; i < 100; i++) {
      read(trusted, 800);
    }
    assertThat(budget.isLimited()).isTrue();
    assertThat(isPaused(trusted)).isFalse();
    assertThat(SocketInput.of(trusted).guess()).isEqualTo(SocketInput.MAX_BYTES);
  }

  @Test
  void reasonsNotToReadAddUp() {
    EmbeddedChannel one = socket();
    SocketInput input = SocketInput.of(one);
    input.setHeld(Hold.RESPONSES, true);
    input.setHeld(Hold.RATE, true);
    input.setHeld(Hold.RESPONSES, false);
    assertThat(one.config().isAutoRead()).isFalse();
    input.setHeld(Hold.RESPONSES, false);
    assertThat(one.config().isAutoRead()).isFalse();
    input.setHeld(Hold.RATE, false);
    assertThat(one.config().isAutoRead()).isTrue();
  }
}
