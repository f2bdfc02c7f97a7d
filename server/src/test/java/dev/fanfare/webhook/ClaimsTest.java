package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Reported.State;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.NodesViewBuilder;
import dev.fanfare.bus.Rendezvous;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What webhooks have reported, who continues, and what must be corrected.
final class ClaimsTest {

  private static final String APP = "1";
  private static final String CHANNEL = "presence-a";
  private static final Claims.Name NAME = new Claims.Name(APP, CHANNEL);
  private static final List<Long> TWO = List.of(7L, 8L);

  private final long first = Rendezvous.first(APP, CHANNEL, TWO);
  private final long second = Rendezvous.second(APP, CHANNEL, TWO);
  private final NodesView alone = view(second, second);
  private final Claims claims = new Claims();

  private static NodesView view(long self, Long... coordinators) {
    return new NodesView(self, List.of(coordinators), 0, 0);
  }

  private void report(long life, String... users) {
    for (String user : users) {
      assertThat(claims.report(life, NAME, user, true)).isTrue();
    }
  }

  private void receive(NodesView view, long life, String user, State state) {
    claims.receive(view, new BusMessage.Reported(APP, CHANNEL, user, state, life));
  }

  @Test
  void aNewcomerThatRanksHigherLeavesAReportedChannelToItsCoordinator() {
    report(second, "");
    assertThat(claims.isCoordinator(view(second, 7L, 8L), NAME)).isTrue();
    assertThat(claims.isCoordinator(view(first, 7L, 8L), NAME)).isFalse();
    assertThat(claims.report(second, NAME, "", false)).isTrue();
    assertThat(claims.isCoordinator(view(first, 7L, 8L), NAME)).as("nothing is claimed").isTrue();
    assertThat(claims.names()).isEmpty();
  }

  @Test
  void theSuccessorIsAnotherNodeWithAClaimElseTheOneThatRanksNext() {
    assertThat(claims.successor(view(first, 7L, 8L), NAME)).isEqualTo(second);
    assertThat(claims.successor(view(first, second), NAME)).as("draining").isEqualTo(second);
    assertThat(claims.successor(view(first, first), NAME)).as("alone").isZero();
    report(second, "");
    report(first, "");
    assertThat(claims.successor(view(9, 7L, 8L, 9L), NAME)).isEqualTo(first);
    assertThat(claims.successor(view(first, 7L, 8L, 9L), NAME)).isEqualTo(second);
  }

  @Test
  void theSuccessorTakesOverWhatTheCoordinatorHasReported() {
    report(first, "", "u");
    assertThat(claims.takeOver(view(second, 7L, 8L), NAME)).as("it is there").isEmpty();
    assertThat(claims.isCoordinator(alone, NAME)).isTrue();
    assertThat(claims.takeOver(alone, NAME)).containsExactlyInAnyOrder("", "u");
    assertThat(claims.reported(second, NAME)).containsExactlyInAnyOrder("", "u");
    assertThat(claims.reported(first, NAME)).isEmpty();
    assertThat(claims.takeOver(alone, NAME)).as("once").isEmpty();
    assertThat(claims.isCoordinator(view(second, 7L, 8L), NAME)).as("also afterwards").isTrue();
  }

  @Test
  void whatTheSuccessorReportsReplacesWhatItsPredecessorHasLeft() {
    report(first, "", "gone", "u");
    NodesView third = view(9, second, 9L);
    receive(third, second, "", State.PRESENT);
    receive(third, second, "u", State.PRESENT);
    receive(third, second, "gone", State.ABSENT);
    assertThat(claims.reported(first, NAME)).isEmpty();
    receive(third, second, "u", State.RELEASED);
    assertThat(claims.reported(second, NAME)).containsExactly("");
  }

  @Test
  void afterAPartitionBothSidesLeaveTheChannelToTheOneThatRanksHigher() {
    Claims other = new Claims();
    NodesView both = view(first, 7L, 8L);
    report(first, "");
    assertThat(other.report(second, NAME, "", true)).isTrue();
    receive(both, second, "", State.PRESENT);
    other.receive(
        view(second, 7L, 8L), new BusMessage.Reported(APP, CHANNEL, "", State.PRESENT, first));
    assertThat(claims.isCoordinator(both, NAME)).isTrue();
    assertThat(other.isCoordinator(view(second, 7L, 8L), NAME)).isFalse();
    assertThat(other.release(second, NAME)).containsExactly("");
    assertThat(other.reported(second, NAME)).isEmpty();
  }

  @Test
  void aNodeWhoseEntriesAreNotKnownAgainHasNotStopped() {
    NodesView joining =
        NodesViewBuilder.builder(new NodesView(second, List.of(second), 1, System.nanoTime()))
            .known(List.of(7L, 8L))
            .joining(List.of(first))
            .build();
    report(first, "");
    assertThat(claims.takeOver(joining, NAME)).isEmpty();
    receive(joining, second, "", State.PRESENT);
    assertThat(claims.hasClaim(first, NAME)).isTrue();
  }

  @Test
  void correctionsLeadFromWhatWasReportedToTheTruth() {
    report(7, "", "gone", "stays");
    assertThat(claims.corrections(7, NAME, true, new TreeSet<>(Set.of("stays", "new"))))
        .containsExactly(new MemberRemoved(CHANNEL, "gone"), new MemberAdded(CHANNEL, "new"));
    assertThat(claims.corrections(7, NAME, false, Set.of()))
        .containsExactly(
            new MemberRemoved(CHANNEL, "gone"),
            new MemberRemoved(CHANNEL, "stays"),
            new ChannelVacated(CHANNEL));
    Claims.Name unknown = new Claims.Name(APP, "presence-b");
    assertThat(claims.corrections(7, unknown, true, Set.of("u")))
        .containsExactly(new ChannelOccupied("presence-b"), new MemberAdded("presence-b", "u"));
    assertThat(claims.corrections(7, unknown, false, Set.of())).isEmpty();
  }

  @Test
  void whatWasCorrectedNeedsNoCorrection() {
    report(7, "", "gone");
    assertThat(claims.report(7, NAME, "gone", false)).isTrue();
    report(7, "new");
    assertThat(claims.corrections(7, NAME, true, Set.of("new"))).isEmpty();
    assertThat(claims.report(7, NAME, "new", true)).as("it was reported").isFalse();
    assertThat(claims.report(7, NAME, "gone", false)).as("it was reported").isFalse();
  }
}
