package dev.fanfare.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.transport.memory.Holdings.Part;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Two lanes whose sockets hold parts of one share.
final class HoldingsTest {

  private static final List<Part> PARTS = List.of(Part.values());

  private static final int LIMIT = 1_600;

  private final Share share = new Share("requests", "request_memory_bytes", LIMIT);
  private final Relief relief = new Relief();
  private final InlineLoop loop = new InlineLoop();
  private final Holdings one = new Holdings(share, relief, loop);
  private final Holdings other = new Holdings(share, relief, loop);

  @Test
  void theLargestOfTheSameLaneIsCutAtOnce() {
    EmbeddedChannel greedy = new EmbeddedChannel();
    EmbeddedChannel modest = new EmbeddedChannel();
    assertThat(one.hold(greedy, Part.BODY, 1_000)).isTrue();
    assertThat(one.hold(modest, Part.BODY, 400)).isTrue();
    assertThat(one.hold(modest, Part.BODY, 900)).isTrue();
    assertThat(greedy.isOpen()).isFalse();
    assertThat(modest.isOpen()).isTrue();
    assertThat(share.used()).isEqualTo(900);
  }

  @Test
  void theLargestOfAnotherLaneIsCutByThatLane() {
    EmbeddedChannel greedy = new EmbeddedChannel();
    EmbeddedChannel modest = new EmbeddedChannel();
    assertThat(one.hold(greedy, Part.BODY, 1_000)).isTrue();
    assertThat(other.hold(modest, Part.BODY, 400)).isTrue();
    assertThat(other.hold(modest, Part.BODY, 1_100)).as("not before it was cut").isFalse();
    assertThat(greedy.isOpen()).isTrue();
    loop.runAll();
    assertThat(greedy.isOpen()).isFalse();
    assertThat(other.hold(modest, Part.BODY, 1_100)).isTrue();
  }

  @Test
  void theLargestIsRefusedAndNoOtherIsCut() {
    EmbeddedChannel greedy = new EmbeddedChannel();
    EmbeddedChannel modest = new EmbeddedChannel();
    assertThat(one.hold(greedy, Part.BODY, 1_000)).isTrue();
    assertThat(other.hold(modest, Part.BODY, 400)).isTrue();
    assertThat(one.hold(greedy, Part.BODY, 1_300)).isFalse();
    loop.runAll();
    assertThat(modest.isOpen()).isTrue();
    assertThat(share.used()).isEqualTo(1_400);
  }

  @Test
  void aTightShareIsRelievedBeforeItIsUsedUp() {
    List<EmbeddedChannel> sockets = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      EmbeddedChannel socket = new EmbeddedChannel();
      sockets.add(socket);
      assertThat((i % 2 == 0 ? one : other).hold(socket, Part.HEAD, i == 7 ? 150 : 100)).isTrue();
      loop.runAll();
      assertThat(share.isTight()).isFalse();
    }
    assertThat(sockets.get(7).isOpen()).as("the largest").isFalse();
    assertThat(share.refusals()).isZero();
  }

  /// Whatever is held, cut and closed in which order: the share is the sum of what is held.
  @Test
  void theShareIsTheSumOfWhatIsHeld() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<EmbeddedChannel> sockets = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        if (sockets.size() < 12) {
          sockets.add(new EmbeddedChannel());
        }
        int index = random.nextInt(sockets.size());
        EmbeddedChannel socket = sockets.get(index);
        Holdings lane = socket.id().hashCode() % 2 == 0 ? one : other;
        switch (random.nextInt(6)) {
          case 0 -> {
            var _ = socket.close();
            sockets.remove(index);
          }
          case 1 -> loop.runAll();
          default -> {
            Part part = PARTS.get(random.nextInt(PARTS.size()));
            var _ = lane.hold(socket, part, (long) random.nextInt(3) * random.nextInt(300));
          }
        }
        assertThat(share.used()).as("seed %s", seed).isBetween(0L, (long) LIMIT);
      }
      for (EmbeddedChannel socket : sockets) {
        var _ = socket.close();
      }
      loop.runAll();
      assertThat(share.used()).as("seed %s", seed).isZero();
      assertThat(relief.largest()).isZero();
    }
  }
}
