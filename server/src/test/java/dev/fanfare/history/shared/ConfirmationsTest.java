package dev.fanfare.history.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.budget.Share;
import dev.fanfare.history.EventId;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.testing.MemoryStreams;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What readers have confirmed is written for many at once, and again if the engine was away.
final class ConfirmationsTest {

  private static final long TTL_MS = 3_600_000;
  private static final int SEEDS = 300;
  private static final int STEPS = 200;
  private static final int CHANNELS = 100;

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();
  private final Share share = new Share("history", "", 1L << 40);
  private final ArrayDeque<Runnable> timer = new ArrayDeque<>();
  private final Streams streams = engine.node();
  private final Confirmations confirmations =
      new Confirmations(
          streams,
          new MemoryStore(share, InstantSource.system()),
          (_, task) -> timer.addLast(task));

  private static ChannelKey box(int number) {
    return new ChannelKey("1", "box-" + number);
  }

  private static EventId id(long number) {
    return new EventId(number, 0);
  }

  private void confirm(int channel, String reader, long number) {
    confirmations.add(box(channel), reader, id(number), TTL_MS);
  }

  private void tick() {
    timer.remove().run();
  }

  private @Nullable EventId cursor(int channel, String reader) {
    Streams.Cursor found = streams.cursors(box(channel)).toCompletableFuture().join().get(reader);
    return found == null ? null : found.confirmed();
  }

  @Test
  void whatComesTogetherIsWrittenAtOnce() {
    for (int i = 1; i <= 9; i++) {
      confirm(7, "d:phone", i);
      confirm(7, "d:desk", 10 - i);
    }
    assertThat(engine.calls()).isZero();
    assertThat(timer).hasSize(1);
    tick();
    assertThat(engine.calls()).isEqualTo(1);
    assertThat(cursor(7, "d:phone")).isEqualTo(id(9));
    assertThat(cursor(7, "d:desk")).isEqualTo(id(9));
    assertThat(timer).isEmpty();
    assertThat(confirmations.waiting()).isZero();
    assertThat(share.used()).isZero();
  }

  @Test
  void aSessionIsWrittenAfterItsReaderAndAsItIsByThen() {
    List<String> written = new ArrayList<>();
    String[] position = {"5"};
    confirm(7, "d:phone", 5);
    confirmations.add(
        box(7),
        "1.1",
        () -> {
          written.add(position[0] + " after " + cursor(7, "d:phone"));
          return CompletableFuture.completedStage(null);
        });
    position[0] = "6";
    tick();
    assertThat(written).containsExactly("6 after 5-0");
  }

  @Test
  void aChannelThatIsInAHurryIsTheFirst() {
    engine.hold();
    for (int i = 0; i < 3 * Confirmations.AT_ONCE; i++) {
      confirm(i, "d:phone", 5);
    }
    tick();
    assertThat(engine.held()).isEqualTo(Confirmations.AT_ONCE);
    int last = 3 * Confirmations.AT_ONCE - 1;
    confirm(last, "d:phone", 6);
    confirmations.hurry(box(last));
    confirm(1_000, "d:phone", 5);
    confirmations.hurry(box(1_000));
    assertThat(engine.held()).as("there is no room").isEqualTo(Confirmations.AT_ONCE);
    assertThat(confirmations.waiting()).isEqualTo(3 * Confirmations.AT_ONCE + 1);
    engine.release();
    assertThat(cursor(last, "d:phone")).isEqualTo(id(6));
    assertThat(confirmations.waiting()).isZero();
    confirm(3, "d:phone", 9);
    confirmations.hurry(box(3));
    assertThat(cursor(3, "d:phone")).as("without the timer").isEqualTo(id(9));
  }

  @Test
  void whatAnEngineThatIsAwayDoesNotGetIsWrittenLater() {
    engine.stop();
    confirm(7, "d:phone", 5);
    confirm(8, "d:phone", 5);
    tick();
    confirm(7, "d:phone", 4);
    tick();
    assertThat(confirmations.waiting()).isEqualTo(2);
    engine.start(false);
    tick();
    assertThat(cursor(7, "d:phone")).isEqualTo(id(5));
    assertThat(cursor(8, "d:phone")).isEqualTo(id(5));
    assertThat(timer).isEmpty();
    assertThat(share.used()).isZero();
  }

  @Test
  void soManyNotesWait() {
    engine.hold();
    for (int i = 0; i < Confirmations.MAX + 10; i++) {
      confirm(i, "d:phone", 5);
    }
    assertThat(confirmations.waiting()).isEqualTo(Confirmations.MAX);
    assertThat(confirmations.dropped()).isEqualTo(10);
    assertThat(share.used()).isEqualTo((long) Confirmations.MAX * Confirmations.NOTE_BYTES);
    engine.release();
    tick();
    assertThat(cursor(9, "d:phone")).as("it waited longest").isNull();
    assertThat(cursor(10, "d:phone")).isEqualTo(id(5));
    assertThat(cursor(Confirmations.MAX + 9, "d:phone")).isEqualTo(id(5));
    assertThat(share.used()).isZero();
  }

  @Test
  void theLastOnesAreWrittenBeforeTheEnd() {
    engine.hold();
    confirm(7, "d:phone", 5);
    CompletionStage<Void> over = confirmations.flush();
    assertThat(over.toCompletableFuture()).isNotDone();
    engine.release();
    assertThat(over.toCompletableFuture()).isCompleted();
    assertThat(cursor(7, "d:phone")).isEqualTo(id(5));
    engine.stop();
    confirm(7, "d:phone", 6);
    assertThat(confirmations.flush().toCompletableFuture()).as("in vain").isCompleted();
  }

  @Test
  void readersThatAreForgottenAreNotWritten() {
    confirm(7, "d:phone", 5);
    confirmations.forget(box(7));
    tick();
    assertThat(cursor(7, "d:phone")).isNull();
    assertThat(share.used()).isZero();
  }

  /// What is wrong in a run.
  private enum Defect {
    NONE,

    /// Readers confirm something that the model does not know.
    TOO_MUCH,

    /// What could not be written is given up.
    GIVES_UP
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void inTheEndTheEngineHasWhatWasConfirmedAndNeverMore(Defect defect) {
    int failed = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      failed += new ConfirmationsTest().run(new Random(seed), defect) ? 0 : 1;
    }
    if (defect == Defect.NONE) {
      assertThat(failed).isZero();
    } else {
      assertThat(failed).isPositive();
    }
  }

  /// True if all was well.
  private boolean run(Random random, Defect defect) {
    Map<String, EventId> confirmed = new HashMap<>();
    long number = 0;
    for (int step = 0; step < STEPS; step++) {
      int channel = random.nextInt(CHANNELS);
      String reader = "d:" + random.nextInt(3);
      switch (random.nextInt(12)) {
        case 0 -> engine.hold();
        case 1 -> engine.release();
        case 2 -> engine.stop();
        case 3 -> engine.start(false);
        case 4 -> confirmations.hurry(box(channel));
        case 5, 6 -> {
          if (!timer.isEmpty()) {
            tick();
          }
          if (defect == Defect.GIVES_UP && confirmations.waiting() > 0) {
            confirmations.forget(box(channel));
          }
        }
        default -> {
          number++;
          confirm(channel, reader, number + (defect == Defect.TOO_MUCH ? 1 : 0));
          confirmed.put(channel + reader, id(number));
        }
      }
      if (engine.held() > Confirmations.AT_ONCE) {
        return false;
      }
    }
    engine.start(false);
    engine.release();
    while (!timer.isEmpty()) {
      tick();
    }
    boolean isRight = share.used() == 0 && confirmations.waiting() == 0;
    for (int channel = 0; channel < CHANNELS; channel++) {
      for (int i = 0; i < 3; i++) {
        EventId expected = confirmed.get(channel + "d:" + i);
        EventId found = cursor(channel, "d:" + i);
        isRight &= expected == null ? found == null : expected.equals(found);
      }
    }
    return isRight;
  }
}
