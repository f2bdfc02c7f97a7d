package dev.fanfare.history.shared;

import static dev.fanfare.history.shared.SharedNode.PATIENCE;
import static dev.fanfare.history.shared.SharedNode.PHONE;
import static dev.fanfare.history.shared.SharedNode.RULE;
import static dev.fanfare.history.shared.SharedNode.event;
import static dev.fanfare.history.shared.SharedNode.reason;
import static dev.fanfare.history.shared.SharedNode.rewinding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.MemoryStreams;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An engine that is away, silent, or late with its answers.
final class SharedOutageTest {

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();

  /// Whether the engine is known to be away, or does not answer.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNewcomerDoesNotWaitForAnEngineThatIsAway(boolean isKnown) {
    if (isKnown) {
      engine.stop();
    } else {
      engine.hold();
    }
    SharedNode a = new SharedNode(engine, rewinding(2));
    Archive.Decision decision = a.decide(null, "1.1");
    assertThat(decision.after()).isEqualTo(EventLog.END);
    assertThat(decision.gap()).isEqualTo(new Gap(Gap.Reason.LOST, EventId.NONE, null));
    assertThat(a.given(decision)).isEmpty();
    if (isKnown) {
      engine.start(false);
    } else {
      engine.release();
    }
    a.begun();
    a.publish("1");
    assertThat(a.delivered).containsExactly("1");
    assertThat(a.given(a.decide(null, "1.2"))).containsExactly("1");
  }

  @Test
  void aClientThatCameMeanwhileGoesOnAfterwards() {
    engine.stop();
    SharedNode a = new SharedNode(engine, RULE);
    assertThat(reason(a.decide(PHONE, "1.1"))).isEqualTo(Gap.Reason.LOST);
    engine.start(false);
    a.begun();
    EventId one = a.publish("1");
    a.follow("1.1").onConfirmed(one);
    a.publish("2");
    Archive.Decision decision = new SharedNode(engine, RULE).begun().decide(PHONE, "2.2");
    assertThat(decision.confirmed()).isEqualTo(one);
    assertThat(decision.gap()).isNull();
    assertThat(a.given(decision)).containsExactly("2");
  }

  @Test
  void aClientThatConfirmedNothingGoesOnWhereItBegan() {
    engine.stop();
    SharedNode a = new SharedNode(engine, RULE);
    var _ = a.decide(PHONE, "1.1");
    engine.start(false);
    a.begun();
    a.follow("1.1").onDeparted(EventId.NONE, 60_000_000_000L);
    a.publish("1");
    SharedNode b = new SharedNode(engine, RULE).begun();
    assertThat(b.given(b.decide(PHONE, "2.2"))).containsExactly("1");
  }

  @Test
  void theFirstEventOfAChannelIsResumed() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    assertThat(a.decide(PHONE, "1.1").gap()).isNull(); // nothing was ever published
    a.publish("1");
    SharedNode b = new SharedNode(engine, RULE).begun();
    assertThat(b.given(b.decide(PHONE, "2.2"))).containsExactly("1");
  }

  @Test
  void aReplayThatTheEngineInterruptsGoesOnWithAGap() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    EventId one = a.publish("1");
    a.publish("2");
    SharedNode b = new SharedNode(engine, RULE).begun();
    b.publish("3");
    engine.stop();
    Archive.Page page = b.log.archive().page(one, 0);
    assertThat(page.gap()).isEqualTo(new Gap(Gap.Reason.LOST, one, null));
    assertThat(page.next()).isNull();
    assertThat(b.inMemory(page.through())).containsExactly("3");
  }

  @Test
  void whatTwoNodesKnowToBeLostIsReportedByEither() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    SharedNode b = new SharedNode(engine, RULE).begun();
    EventId one = a.publish("1");
    a.hold(one);
    engine.stop();
    var _ = a.store.append("1", RULE, event("2"), a.store.ticket());
    b.store.lose(b.log.key(), RULE); // the other node has said so
    a.store.close(); // killed
    engine.start(false);
    assertThat(reason(b.decide(PHONE, "2.2"))).isEqualTo(Gap.Reason.LOST);
    assertThat(b.store.losses()).isZero();
  }

  @Test
  void anEventThatWasKeptWithoutAnAnswerIsNotDeliveredAgain() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    SharedNode b = new SharedNode(engine, RULE).begun();
    a.publish("1");
    engine.hold();
    EventId ticket = a.store.ticket();
    CompletableFuture<?> append =
        a.store.append("1", RULE, event("2"), ticket).toCompletableFuture();
    a.log.delivered(ticket); // too late an answer
    b.log.delivered(ticket); // as the link says
    engine.release();
    assertThat(append).isCompleted();
    EventId three = a.publish("3");
    await().atMost(PATIENCE).until(() -> a.delivered.contains("3"));
    assertThat(a.delivered).containsExactly("1", "3");
    b.log.offer(new Arrival(three, new EventId(three.ms(), three.number() - 1), event("3")));
    b.drain();
    await().atMost(PATIENCE).until(() -> b.delivered.contains("3"));
    assertThat(b.delivered).containsExactly("1", "3");
  }

  @Test
  void aPurgeWithoutTheEngineFails() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    engine.stop();
    assertThat(a.log.purge(false, 0).await())
        .isEqualTo(new Parsed.Bad<>("the store of history does not answer"));
  }

  /// Who came before would be notified of a gap that there may not be.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNodeIsNotReadyBeforeItHasTriedTheEngine(boolean isThere) {
    Streams unopened = new FlakyStreams(engine, (_, arguments) -> arguments).streams();
    SharedStore store = new SharedStore(unopened, MemoryStore.unlimited(), () -> Instant.EPOCH, 0);
    Readiness readiness = new Readiness();
    store.start(HistoryLinks.NOWHERE, readiness);
    assertThat(readiness.reasons()).containsExactly("The store of history has not answered yet");
    assertThat(readiness.check()).isEqualTo(Parsed.PASSED);
    if (isThere) {
      store.onAvailable();
    } else {
      store.onUnavailable("connection refused");
    }
    assertThat(readiness.reasons()).isEmpty();
    assertThat(readiness.notes()).hasSize(isThere ? 0 : 1);
  }
}
