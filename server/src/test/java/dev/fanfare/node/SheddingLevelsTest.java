package dev.fanfare.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.observe.StallClock;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.transport.FileBudget;
import dev.fanfare.transport.OpenFiles;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a node refuses under pressure, step by step, and what it logs about it.
final class SheddingLevelsTest {

  private static final Duration INTERVAL = Duration.ofMillis(100);

  /// Enough calls for each resource to be read.
  private static final int ROUND = 10;

  private static final String FULL =
      "The server's memory is nearly full: %d of 100 MB of the old generation are in use";

  private final ManualClock machine = new ManualClock();
  private final InlineLoop loop = new InlineLoop();
  private final Lanes lanes =
      new Lanes(
          List.of(
              new Lane(
                  0,
                  loop,
                  loop,
                  () -> true,
                  _ -> {
                    throw new AssertionError("nothing is delivered");
                  })));
  private final Readiness readiness = new Readiness();
  private final Shedding shedding = new Shedding();
  private final StallClock clock = new StallClock(machine);
  private final Logger logger = (Logger) Component.SERVER.logger();
  private final ch.qos.logback.classic.@Nullable Level usual = logger.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final SmallHeap heap = new SmallHeap(machine);
  private final Overload overload =
      new Overload(
          readiness, shedding, lanes, new FileBudget(OpenFiles.system(), () -> 0, 0), heap, clock);

  @BeforeEach
  void listen() {
    logger.setLevel(ch.qos.logback.classic.Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(usual);
  }

  /// Lets a second pass; lanes answer at once.
  private void second() {
    for (int i = 0; i < ROUND; i++) {
      machine.advance(INTERVAL);
      clock.tick();
      overload.sweep();
      loop.runAll();
    }
  }

  /// Lets a second pass without a turn of the lane.
  private void secondWithoutLane() {
    for (int i = 0; i < ROUND; i++) {
      machine.advance(INTERVAL);
      clock.tick();
      overload.sweep();
    }
  }

  /// Level and lines after a second with so much of the heap in use.
  private void expectAt(long megabytes, Level level, String... expected) {
    heap.fill(megabytes);
    second();
    expect(level, expected);
  }

  private void expect(Level level, String... expected) {
    assertThat(shedding.level()).isEqualTo(level);
    assertThat(lines.list)
        .extracting(line -> line.getLevel() + " " + line.getFormattedMessage())
        .containsExactly(expected);
    lines.list.clear();
  }

  @Test
  void eachStepUpAndDownIsOneLine() {
    String connections = "new connections are refused";
    String subscriptions = "new connections and subscriptions are refused";
    String publishes = "new connections, subscriptions and publishes are refused";
    expectAt(81, Level.NONE);
    expectAt(82, Level.CONNECTIONS, "WARN not ready: " + FULL.formatted(82));
    expectAt(87, Level.CONNECTIONS);
    expectAt(
        88,
        Level.SUBSCRIPTIONS,
        "WARN shedding load, " + subscriptions + ": " + FULL.formatted(88));
    expectAt(94, Level.PUBLISHES, "WARN shedding load, " + publishes + ": " + FULL.formatted(94));
    expectAt(90, Level.PUBLISHES);
    expectAt(89, Level.SUBSCRIPTIONS, "INFO shedding less load, " + subscriptions);
    expectAt(83, Level.CONNECTIONS, "INFO shedding less load, " + connections);
    expectAt(77, Level.CONNECTIONS);
    expectAt(76, Level.NONE, "INFO ready again");
  }

  @Test
  void aJumpIsLoggedWithItsHighestStep() {
    String all = "new connections, subscriptions and publishes are refused";
    expectAt(
        96,
        Level.PUBLISHES,
        "WARN not ready: " + FULL.formatted(96) + " (" + all + ")",
        "WARN shedding load, " + all + ": " + FULL.formatted(96));
    expectAt(10, Level.NONE, "INFO ready again", "INFO shedding less load, nothing is refused");
  }

  @Test
  void aLaneThatIsLateClimbsOneStepPerSecond() {
    second();
    loop.runAll();
    for (int i = 0; i < 3; i++) {
      secondWithoutLane();
    }
    lines.list.clear();
    secondWithoutLane();
    expect(
        Level.SUBSCRIPTIONS,
        "WARN shedding load, new connections and subscriptions are refused:"
            + " The server is overloaded: a lane is 3000 ms late");
    loop.runAll();
    second();
    assertThat(shedding.level()).as("the late answer").isEqualTo(Level.SUBSCRIPTIONS);
    lines.list.clear();
    second();
    expect(Level.NONE, "INFO ready again", "INFO shedding less load, nothing is refused");
  }

  /// The process is stopped between a probe and its answer, for any time.
  @ParameterizedTest
  @ValueSource(longs = {700, 1_500, 2_900, 8_000, 60_000, 600_000})
  void aStandstillOfTheProcessIsNoLag(long ms) {
    second();
    for (int i = 0; i < ROUND; i++) {
      machine.advance(INTERVAL);
      clock.tick();
      overload.sweep(); // the probe is on its way, and not answered yet
    }
    machine.advance(Duration.ofMillis(ms));
    loop.runAll();
    for (int i = 0; i < 3; i++) {
      second();
      assertThat(shedding.level()).isEqualTo(Level.NONE);
      assertThat(readiness.reasons()).isEmpty();
    }
  }
}
