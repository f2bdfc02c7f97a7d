package dev.fanfare.history.shared;

import static dev.fanfare.history.shared.SharedNode.PATIENCE;
import static dev.fanfare.history.shared.SharedNode.PHONE;
import static dev.fanfare.history.shared.SharedNode.event;
import static dev.fanfare.history.shared.SharedNode.rewinding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.MemoryStreams;
import org.junit.jupiter.api.Test;

/// A purge reaches the memory of all nodes.
final class SharedPurgeTest {

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();

  @Test
  void aPurgeDropsEverythingOnAllNodes() {
    SharedNode a = new SharedNode(engine, rewinding(5)).begun();
    SharedNode b = new SharedNode(engine, rewinding(5)).begun();
    EventId one = a.publish("1");
    b.log.offer(new Arrival(one, EventId.NONE, event("1")));
    b.drain();
    a.hold(one);
    EventId two = b.publish("2");
    a.log.offer(new Arrival(two, one, event("2")));
    a.drain();
    assertThat(a.log.purge(false, 0).await()).isEqualTo(new Parsed.Ok<>(2));
    assertThat(a.purges).containsExactly(two);
    assertThat(a.inMemory(0)).isEmpty();
    Streams.Appended three = a.append(event("3")).toCompletableFuture().join();
    Arrival arrival = new Arrival(three.id(), three.previous(), event("3"));
    a.log.offer(arrival);
    a.drain();
    b.log.offer(arrival); // the notice of the purge was lost
    await()
        .atMost(PATIENCE)
        .until(() -> {
          b.drain();
          return b.log.purged().equals(two);
        });
    assertThat(b.delivered).containsExactly("1", "2", "3");
    assertThat(b.inMemory(0)).containsExactly("3");
    assertThat(b.given(b.decide(null, "1.2"))).containsExactly("3");
    Archive.Decision resumed = b.decide(PHONE, "2.2");
    assertThat(resumed.gap()).isNull();
    assertThat(b.given(resumed)).containsExactly("3");
    assertThat(b.log.purge(false, 0).await()).isEqualTo(new Parsed.Ok<>(1));
    assertThat(b.log.purge(false, 0).await()).isEqualTo(new Parsed.Ok<>(0));
  }
}
