package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Reported.State;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.Rendezvous;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Sharing;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Outboxes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What two nodes have reported differently is reported once more, by the one that coordinates. If
/// a test lets no user join, the truth is that all are gone.
final class DisputesTest {

  private static final String CHANNEL = "presence-a";
  private static final App APP =
      TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at("http://127.0.0.1/")));
  private static final List<Long> TWO = List.of(7L, 8L);
  private static final long THIRD = 9;
  private static final long FIRST = Rendezvous.first(APP.id(), CHANNEL, TWO);
  private static final long SECOND = Rendezvous.second(APP.id(), CHANNEL, TWO);

  private final CurrentApps apps = TestNode.apps(APP);
  private final LiveApp app = (LiveApp) apps.byId(APP.id());
  private final ViewedNodes nodes = new ViewedNodes(new NodesView(FIRST, TWO, 0, 0));
  private long nowNs;
  private final Coordinator coordinator = coordinator();

  private final Channels channels =
      new Channels(
          new Lanes(List.of()),
          new Changes(List.of()),
          () -> nowNs,
          new Share("caches", "cache_memory_bytes", Long.MAX_VALUE),
          new Sharing(() -> nowNs, () -> Instant.EPOCH, 0, 1));

  private Coordinator coordinator() {
    return new Coordinator(
        apps, nodes, Outboxes.inMemory(1), new Webhooks.Clocks(() -> nowNs, () -> Instant.EPOCH));
  }

  @BeforeEach
  void join() {
    coordinator.join(channels);
    assertThat(step()).isEmpty();
  }

  private List<WebhookEvent> step() {
    List<WebhookEvent> events = new ArrayList<>();
    coordinator.step(_ -> {});
    coordinator.settle(fact -> events.add(fact.event()));
    return events;
  }

  private void receive(String user, State state) {
    receive(SECOND, user, state);
  }

  private void receive(long life, String user, State state) {
    coordinator.receive(new BusMessage.Reported(APP.id(), CHANNEL, user, state, life));
  }

  /// A user joins at another node.
  private void join(String user) {
    channels.remoteInterest(app, 1, CHANNEL, 1);
    channels.remoteJoined(app, 1, CHANNEL, new Member(user, "{}"));
  }

  private void reportDeparture(String user) {
    Fact departure = new Fact(APP, new MemberRemoved(CHANNEL, user), 0, nowNs);
    assertThat(coordinator.admits(departure)).isTrue();
    coordinator.accepted(List.of(departure));
  }

  private void showNodes(Long... lives) {
    nodes.view = new NodesView(FIRST, List.of(lives), 0, 0);
  }

  private void report(String user) {
    assertThat(coordinator.admits(new Fact(APP, new MemberAdded(CHANNEL, user), 0, nowNs)))
        .isTrue();
  }

  @Test
  void whatANodeReleasesAndThisOneHasNotReportedIsReportedOnceMore() {
    report("own");
    receive("own", State.PRESENT);
    receive("own", State.RELEASED);
    assertThat(step()).isEmpty();
    receive("u", State.PRESENT);
    receive("u", State.RELEASED);
    assertThat(step()).containsExactly(new MemberRemoved(CHANNEL, "u"));
    assertThat(step()).as("once").isEmpty();
  }

  @Test
  void whatAnotherNodeHasReportedAsAbsentIsReportedOnceMore() {
    report("u");
    receive("u", State.ABSENT);
    assertThat(step()).containsExactly(new MemberRemoved(CHANNEL, "u"));
    receive("u", State.ABSENT);
    assertThat(step()).as("both have").isEmpty();
  }

  @Test
  void theTruthIsNotReportedBeforeItIsKnown() {
    report("u");
    receive("u", State.ABSENT);
    nodes.view = new NodesView(FIRST, TWO, 1, 0);
    assertThat(step()).isEmpty();
    nowNs += TimeUnit.SECONDS.toNanos(4);
    assertThat(step()).as("that node does not answer").hasSize(1);
  }

  @Test
  void aNodeThatWasCutOffRepeatsWhatItHasReportedAsAbsent() {
    report("u");
    reportDeparture("u");
    nodes.view = new NodesView(FIRST, TWO, 1, 0);
    assertThat(step()).isEmpty();
    nodes.published.clear();
    nodes.view = new NodesView(FIRST, TWO, 0, 0);
    assertThat(step()).isEmpty();
    nowNs += TimeUnit.SECONDS.toNanos(4);
    assertThat(step()).isEmpty();
    assertThat(nodes.published)
        .containsExactly(new BusMessage.Reported(APP.id(), CHANNEL, "u", State.ABSENT, FIRST));
    assertThat(step()).isEmpty();
    assertThat(nodes.published).as("once").hasSize(1);
  }

  @Test
  void whatWasReportedAsAbsentIsRepeatedForANodeThatWasGoneBeforeThisOneWasSettled() {
    Coordinator newcomer = coordinator();
    nodes.view = new NodesView(FIRST, TWO, TWO, false, 0, 0);
    newcomer.step(_ -> {});
    newcomer.receive(new BusMessage.Reported(APP.id(), CHANNEL, "u", State.PRESENT, SECOND));
    showNodes(FIRST);
    newcomer.join(channels);
    newcomer.step(_ -> {});
    Fact departure = new Fact(APP, new MemberRemoved(CHANNEL, "u"), 0, nowNs);
    assertThat(newcomer.admits(departure)).as("it has taken over").isTrue();
    newcomer.accepted(List.of(departure));
    showNodes(FIRST, SECOND);
    newcomer.step(_ -> {});
    nodes.published.clear();
    nowNs += TimeUnit.SECONDS.toNanos(4);
    newcomer.step(_ -> {});
    assertThat(nodes.published)
        .containsExactly(new BusMessage.Reported(APP.id(), CHANNEL, "u", State.ABSENT, FIRST));
  }

  /// Forced by the simulation: a node that is cut off from its start on reports what it sees.
  @Test
  void whatWasReportedAsAbsentIsRepeatedForANewNodeThatHasReportedItAsPresent() {
    report("u");
    report("v");
    reportDeparture("u");
    reportDeparture("v");
    nodes.published.clear();
    receive(THIRD, "u", State.PRESENT);
    showNodes(FIRST, SECOND, THIRD);
    assertThat(step()).isEmpty();
    assertThat(nodes.published)
        .containsExactly(new BusMessage.Reported(APP.id(), CHANNEL, "u", State.ABSENT, FIRST));
  }

  @Test
  void aNodeThatDoesNotCoordinateLeavesTheDecisionToTheOneThatDoes() {
    nodes.view = new NodesView(SECOND, TWO, 0, 0);
    coordinator.receive(new BusMessage.Reported(APP.id(), CHANNEL, "", State.PRESENT, FIRST));
    receive("u", State.PRESENT);
    receive("u", State.RELEASED);
    assertThat(step()).isEmpty();
    nowNs += TimeUnit.SECONDS.toNanos(11);
    assertThat(step()).isEmpty();
    coordinator.receive(new BusMessage.Reported(APP.id(), CHANNEL, "", State.ABSENT, FIRST));
    assertThat(step()).as("it was decided").isEmpty();
    assertThat(nodes.published).isEmpty();
  }

  @Test
  void whatThisNodeHasReportedAsAbsentIsReportedOnceMoreWhenItTakesOverTheOpposite() {
    report("u");
    receive("u", State.PRESENT);
    reportDeparture("u");
    join("u");
    showNodes(FIRST);
    assertThat(step()).containsExactly(new MemberAdded(CHANNEL, "u"));
    assertThat(step()).as("once").isEmpty();
  }

  @Test
  void whatAThirdNodeHasReportedAsAbsentIsReportedOnceMoreByTheOneThatTakesOverTheOpposite() {
    showNodes(FIRST, SECOND, THIRD);
    assertThat(step()).isEmpty();
    receive(SECOND, "u", State.PRESENT);
    receive(THIRD, "u", State.ABSENT);
    join("u");
    assertThat(step()).as("the node with the claim decides it").isEmpty();
    showNodes(FIRST);
    assertThat(step()).containsExactly(new MemberAdded(CHANNEL, "u"));
    assertThat(step()).as("once").isEmpty();
  }

  @Test
  void whatNoNodeHasContradictedIsTakenOverWithoutAReport() {
    report("u");
    reportDeparture("u");
    receive("u", State.PRESENT);
    receive("u", State.ABSENT);
    receive("u", State.PRESENT);
    receive("", State.PRESENT);
    join("u");
    showNodes(FIRST);
    assertThat(step()).isEmpty();
  }

  @Test
  void aUserWhoComesBackBeforeTheReportOfTheDepartureIsOutContradictsNothing() {
    report("u");
    Fact departure = new Fact(APP, new MemberRemoved(CHANNEL, "u"), 0, nowNs);
    Fact arrival = new Fact(APP, new MemberAdded(CHANNEL, "u"), 0, nowNs);
    assertThat(coordinator.admits(departure)).isTrue();
    assertThat(coordinator.admits(arrival)).isTrue();
    coordinator.accepted(List.of(departure, arrival));
    receive("u", State.PRESENT);
    join("u");
    showNodes(FIRST);
    assertThat(step()).isEmpty();
  }

  @Test
  void onlySoManyDisputesAreRemembered() {
    Disputes disputes = new Disputes();
    Claims.Name name = new Claims.Name(APP.id(), CHANNEL);
    for (int i = 0; i < 100_010; i++) {
      disputes.add(name, "u" + i, 1);
    }
    assertThat(disputes.take(name, 1)).hasSize(100_000);
    disputes.add(name, "u", 2);
    assertThat(disputes.take(name, 2)).containsExactly("u");
  }
}
