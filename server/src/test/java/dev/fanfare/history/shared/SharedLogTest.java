package dev.fanfare.history.shared;

import static dev.fanfare.history.shared.SharedNode.PHONE;
import static dev.fanfare.history.shared.SharedNode.RULE;
import static dev.fanfare.history.shared.SharedNode.event;
import static dev.fanfare.history.shared.SharedNode.rewinding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Gap;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.MemoryStreams;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Where subscriptions to a channel of a cluster begin, and what they are given.
final class SharedLogTest {

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();

  @Test
  void aNewcomerGetsNothingOrTheLastEvents() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    a.publish("1");
    a.publish("2");
    a.publish("3");
    assertThat(a.given(a.decide(null, "1.1"))).isEmpty();
    SharedNode b = new SharedNode(engine, rewinding(2)).begun();
    assertThat(b.given(b.decide(null, "1.2"))).containsExactly("2", "3");
  }

  @Test
  void aClientGoesOnAtTheOtherNode() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    SharedNode b = new SharedNode(engine, RULE).begun();
    Archive.Decision first = a.decide(PHONE, "1.1");
    assertThat(first.gap()).isNull();
    EventId one = a.publish("1");
    a.publish("2");
    a.hold(one);
    b.publish("3");
    Archive.Decision again = b.decide(PHONE, "2.2");
    assertThat(again.confirmed()).isEqualTo(one);
    assertThat(again.gap()).isNull();
    assertThat(again.sockets()).containsExactly("1.1");
    assertThat(b.given(again)).containsExactly("2", "3");
    SharedNode c = new SharedNode(engine, RULE).begun();
    Archive.Decision third = c.decide(PHONE, "3.3");
    assertThat(third.sockets()).containsExactly("2.2", "1.1");
    assertThat(c.given(third)).containsExactly("2", "3");
  }

  @Test
  void aClientThatIsAheadOfANodeGetsNothingTwice() {
    SharedNode b = new SharedNode(engine, RULE).begun();
    SharedNode a = new SharedNode(engine, RULE).begun();
    a.publish("1");
    EventId two = a.publish("2"); // b has not got them over a link yet
    a.hold(two);
    Archive.Decision decision = b.decide(PHONE, "2.2");
    assertThat(b.delivered).containsExactly("1", "2");
    assertThat(b.given(decision)).isEmpty();
  }

  @Test
  void whatIsMissingIsReportedAsAGap() {
    SharedNode a = new SharedNode(engine, RULE.withReplayEvents(2)).begun();
    EventId one = a.publish("1");
    a.hold(one);
    a.publish("2");
    a.publish("3");
    EventId four = a.publish("4");
    a.publish("5");
    Archive.Decision tooMany = a.decide(PHONE, "2.2");
    assertThat(tooMany.gap()).isEqualTo(new Gap(Gap.Reason.TOO_MANY, one, four));
    assertThat(a.given(tooMany)).containsExactly("4", "5");
  }

  @Test
  void whatCouldNotBeKeptIsReportedAsLost() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    EventId one = a.publish("1");
    a.hold(one);
    engine.stop();
    Publication event = event("2");
    assertThat(a.store.append("1", RULE, event, a.store.ticket()).toCompletableFuture())
        .isCompletedExceptionally();
    engine.start(false);
    a.publish("3");
    Archive.Decision decision = a.decide(PHONE, "2.2");
    Gap gap = Objects.requireNonNull(decision.gap());
    assertThat(gap.reason()).isEqualTo(Gap.Reason.LOST);
    assertThat(a.given(decision)).containsExactly("3");
  }

  @Test
  void expiredEventsAreAGap() {
    SharedNode a = new SharedNode(engine, RULE).begun();
    EventId one = a.publish("1");
    a.hold(one);
    a.publish("2");
    engine.pass(700_000);
    EventId three = a.publish("3");
    Archive.Decision decision = a.decide(PHONE, "2.2");
    assertThat(decision.gap()).isEqualTo(new Gap(Gap.Reason.EXPIRED, one, three));
  }
}
