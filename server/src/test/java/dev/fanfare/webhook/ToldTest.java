package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.Rendezvous;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What webhooks have reported, who continues, and what must be corrected.
final class ToldTest {

  private static final String APP = "1";
  private static final String CHANNEL = "presence-a";
  private static final Told.Name NAME = new Told.Name(APP, CHANNEL);
  private static final List<Long> TWO = List.of(7L, 8L);

  private final long first = Rendezvous.first(APP, CHANNEL, TWO);
  private final long second = Rendezvous.second(APP, CHANNEL, TWO);
  private final Told told = new Told();

  private static NodesView view(long self, Long... coordinators) {
    return new NodesView(self, List.of(coordinators), 0, 0);
  }

  private void report(NodesView view, long life, WebhookEvent... events) {
    for (WebhookEvent event : events) {
      told.reported(view, life, APP, event);
    }
  }

  @Test
  void aNewcomerThatRanksHigherLeavesAReportedChannelToItsCoordinator() {
    report(view(second, second), second, new ChannelOccupied(CHANNEL));
    assertThat(told.isCoordinator(view(second, 7L, 8L), NAME)).isTrue();
    assertThat(told.isCoordinator(view(first, 7L, 8L), NAME)).isFalse();
    report(view(second, 7L, 8L), second, new ChannelVacated(CHANNEL));
    assertThat(told.isCoordinator(view(first, 7L, 8L), NAME)).as("nothing is claimed").isTrue();
    assertThat(told.size()).isZero();
  }

  @Test
  void theSuccessorTakesOverWhatTheCoordinatorHasReported() {
    report(
        view(second, 7L, 8L), first, new ChannelOccupied(CHANNEL), new MemberAdded(CHANNEL, "u"));
    assertThat(told.orphans(view(second, 7L, 8L))).isEmpty();
    assertThat(told.orphans(view(second, second))).containsExactly(NAME);
    assertThat(told.isCoordinator(view(second, second), NAME)).isTrue();
    report(view(second, second), second, new MemberAdded(CHANNEL, "v"));
    assertThat(told.orphans(view(second, second))).isEmpty();
    assertThat(told.isCoordinator(view(second, 7L, 8L), NAME)).as("also afterwards").isTrue();
  }

  @Test
  void afterAPartitionBothSidesLeaveTheChannelToTheOneThatRanksHigher() {
    Told other = new Told();
    NodesView both = view(first, 7L, 8L);
    report(view(first, first), first, new ChannelOccupied(CHANNEL));
    other.reported(view(second, second), second, APP, new ChannelOccupied(CHANNEL));
    report(both, second, new ChannelOccupied(CHANNEL));
    other.reported(view(second, 7L, 8L), first, APP, new ChannelOccupied(CHANNEL));
    assertThat(told.isCoordinator(both, NAME)).isTrue();
    assertThat(other.isCoordinator(view(second, 7L, 8L), NAME)).isFalse();
  }

  @Test
  void correctionsLeadFromWhatWasReportedToTheTruth() {
    NodesView view = view(7, 7L);
    report(
        view,
        7,
        new ChannelOccupied(CHANNEL),
        new MemberAdded(CHANNEL, "gone"),
        new MemberAdded(CHANNEL, "stays"));
    assertThat(told.corrections(NAME, true, new TreeSet<>(Set.of("stays", "new"))))
        .containsExactly(new MemberRemoved(CHANNEL, "gone"), new MemberAdded(CHANNEL, "new"));
    assertThat(told.corrections(NAME, false, Set.of()))
        .containsExactly(
            new MemberRemoved(CHANNEL, "gone"),
            new MemberRemoved(CHANNEL, "stays"),
            new ChannelVacated(CHANNEL));
    Told.Name unknown = new Told.Name(APP, "presence-b");
    assertThat(told.corrections(unknown, true, Set.of("u")))
        .containsExactly(new ChannelOccupied("presence-b"), new MemberAdded("presence-b", "u"));
    assertThat(told.corrections(unknown, false, Set.of())).isEmpty();
  }

  @Test
  void whatWasCorrectedNeedsNoCorrection() {
    NodesView view = view(7, 7L);
    report(view, 7, new ChannelOccupied(CHANNEL), new MemberAdded(CHANNEL, "gone"));
    told.corrections(NAME, true, Set.of("new")).forEach(event -> report(view, 7, event));
    assertThat(told.corrections(NAME, true, Set.of("new"))).isEmpty();
  }
}
