package dev.fanfare.history.shared;

import static dev.fanfare.history.shared.SharedNode.PATIENCE;
import static dev.fanfare.history.shared.SharedNode.RULE;
import static dev.fanfare.history.shared.SharedNode.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.budget.Share;
import dev.fanfare.history.EventId;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.MemoryStreams;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/// What may wait for the engine.
final class SharedBoundsTest {

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();

  @Test
  void soManyPublishesWait() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    engine.hold();
    for (int i = 0; i < Unanswered.MAX; i++) {
      assertThat(a.store.checkRoom()).isEqualTo(Parsed.PASSED);
      var _ = a.store.append("1", RULE, event("1"), a.store.ticket());
    }
    assertThat(a.store.checkRoom()).isInstanceOf(Parsed.Bad.class);
    assertThat(a.store.unanswered()).isEqualTo(Unanswered.MAX);
    engine.release();
    assertThat(a.store.checkRoom()).isEqualTo(Parsed.PASSED);
    assertThat(a.store.unanswered()).isZero();
  }

  @Test
  void soManyBytesWait() {
    Share share = new Share("history", "", 1L << 40);
    Unanswered unanswered = new Unanswered(new MemoryStore(share, InstantSource.system()));
    int half = (int) (Unanswered.MAX_BYTES / 2);
    unanswered.enter(half);
    assertThat(unanswered.isFull()).isFalse();
    unanswered.enter(half);
    assertThat(unanswered.isFull()).isTrue();
    assertThat(share.used()).isEqualTo(Unanswered.MAX_BYTES);
    unanswered.exit(half);
    assertThat(unanswered.isFull()).isFalse();
    assertThat(share.used()).isEqualTo(half);
  }

  @Test
  void soManyChannelsAreRemembered() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    engine.stop();
    for (int i = 0; i < SharedStore.MAX_LOSSES + 10; i++) {
      a.store.lose(new ChannelKey("1", "feed-" + i), RULE);
    }
    assertThat(a.store.losses()).isEqualTo(SharedStore.MAX_LOSSES);
    engine.start(false);
    assertThat(a.store.losses()).isZero();
  }

  @Test
  void soManyDeliveredEventsAreRecognised() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    EventId forgotten = a.store.ticket();
    EventId oldest = a.store.ticket();
    a.log.delivered(forgotten);
    a.log.delivered(oldest);
    for (int i = 1; i < SharedLog.MAX_DELIVERED; i++) {
      a.log.delivered(a.store.ticket());
    }
    var _ = a.store.append("1", RULE, event("1"), forgotten);
    var _ = a.store.append("1", RULE, event("2"), oldest);
    EventId three = a.append(event("3")).toCompletableFuture().join().id();
    a.log.offer(new Arrival(three, new EventId(three.ms(), three.number() - 1), event("3")));
    a.drain();
    await().atMost(PATIENCE).until(() -> a.delivered.contains("3"));
    assertThat(a.delivered).containsExactly("1", "3");
  }
}
