package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.NodesViewBuilder;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.FairBytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node and two others that may report its client events.
final class PulsesTest {

  private static final App APP =
      TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at("http://127.0.0.1/hook")));
  private static final long ROOM = 8 << 20;
  private static final long SELF = 7;
  private static final long FIRST = 8;
  private static final long SECOND = 9;
  private static final NodesView ALL = new NodesView(SELF, List.of(SELF, FIRST, SECOND), 0, 0);
  private static final NodesView WITHOUT_FIRST = new NodesView(SELF, List.of(SELF, SECOND), 0, 0);

  private final ViewedNodes bus = new ViewedNodes(ALL);
  private final FairBytes<String> bytes = new FairBytes<>(ROOM);
  private final Map<Long, Node> others = new HashMap<>();
  private final List<Fact> own = new ArrayList<>();
  private long coordinator = FIRST;
  private boolean isSettled = true;
  private long nowNs;
  private final Pulses pulses =
      new Pulses(() -> isSettled, (_, _) -> coordinator, bus, bytes, () -> nowNs);

  /// A node with an [Intake] of limited size.
  private final class Node {
    private final Queue<Fact> queue = new ArrayDeque<>();
    private final List<WebhookEvent> accepted = new ArrayList<>();
    private final PulseIntake intake =
        new PulseIntake(TestNode.apps(APP), this::offer, this::answer, () -> nowNs);
    private int room = Integer.MAX_VALUE;

    Node(long life) {
      others.put(life, this);
    }

    private boolean offer(Fact fact) {
      return queue.size() < room && queue.add(fact);
    }

    private void answer(BusMessage.Direct answer) {
      bus.publish(answer);
    }

    private void acceptAll() {
      for (Fact fact = queue.poll(); fact != null; fact = queue.poll()) {
        accepted.add(fact.event());
        Objects.requireNonNull(fact.sender()).accepted();
      }
    }
  }

  private final Node first = new Node(FIRST);
  private final Node second = new Node(SECOND);

  private static ClientEvent event(int number) {
    return new ClientEvent("private-a", "client-e", Integer.toString(number), "1.2", null);
  }

  private static List<WebhookEvent> events(int from, int to) {
    return IntStream.range(from, to).<WebhookEvent>mapToObj(PulsesTest::event).toList();
  }

  private void forward(int from, int to) {
    events(from, to).forEach(event -> take(new Fact(APP, event, 5, nowNs)));
  }

  private void take(Fact fact) {
    if (!pulses.forward(fact)) {
      own.add(fact);
    }
  }

  private List<WebhookEvent> ownEvents() {
    return own.stream().map(Fact::event).toList();
  }

  private void step(long ns) {
    nowNs += ns;
    pulses.step(own::add);
  }

  /// Everything that is under way arrives, and is accepted.
  private void arrive() {
    while (!bus.published.isEmpty()) {
      arrive(bus.published.removeFirst());
      others.values().forEach(Node::acceptAll);
    }
  }

  private void arrive(BusMessage message) {
    switch (message) {
      case BusMessage.Pulses part ->
          Objects.requireNonNull(others.get(part.node())).intake.receive(part.with(SELF));
      case BusMessage.PulsesAccepted answer -> pulses.receive(answer.with(FIRST));
      default -> throw new AssertionError(message);
    }
  }

  @Test
  void theCoordinatorReportsThemInOrder() {
    forward(0, 250);
    arrive();
    assertThat(first.accepted).isEqualTo(events(0, 250));
    assertThat(own).isEmpty();
    assertThat(pulses.size()).isZero();
    assertThat(bytes.used()).isZero();
  }

  @Test
  void whatIsNoPulseOrComesFromAnotherNodeIsNotPassedOn() {
    assertThat(pulses.forward(new Fact(APP, new ChannelOccupied("a"), 0, 0))).isFalse();
    assertThat(pulses.forward(new Fact(APP, new CacheMiss("cache-a"), 0, 0))).isTrue();
    forward(0, 1);
    first.intake.receive(((BusMessage.Pulses) bus.published.getFirst()).with(SELF));
    assertThat(pulses.forward(first.queue.remove())).as("it comes from another node").isFalse();
    coordinator = SELF;
    assertThat(pulses.forward(new Fact(APP, event(0), 0, 0))).as("this node reports").isFalse();
  }

  /// Messages are lost, doubled and reordered, also the answers, and the other node is often full.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eachIsReportedOnceAndInOrderWhateverIsLost(long seed) {
    Random random = new Random(seed);
    int events = 0;
    bus.view = NodesViewBuilder.builder(ALL).missing(1).build(); // it is not passed over
    for (int i = 0; i < 300; i++) {
      int more = random.nextInt(40);
      forward(events, events + more);
      events += more;
      first.room = random.nextInt(30);
      Collections.shuffle(bus.published, random);
      for (BusMessage message : List.copyOf(bus.published)) {
        int fate = random.nextInt(4);
        if (fate != 0) {
          bus.published.remove(message);
        }
        if (fate <= 1) {
          arrive(message);
        }
      }
      if (random.nextBoolean()) {
        first.acceptAll();
      }
      step(Pulses.REPEAT_NS);
    }
    first.room = Integer.MAX_VALUE;
    bus.view = ALL;
    for (int i = 0; i < 40; i++) {
      arrive();
      step(Pulses.REPEAT_NS);
    }
    assertThat(first.accepted).isEqualTo(events(0, events));
    assertThat(own).isEmpty();
    assertThat(bytes.used()).isZero();
  }

  @Test
  void theNextCoordinatorReportsWhatAGoneOneHasNotAccepted() {
    forward(0, 50);
    arrive();
    forward(50, 300);
    bus.published.clear();
    coordinator = SECOND;
    bus.view = WITHOUT_FIRST;
    step(1);
    while (!bus.published.isEmpty()) {
      BusMessage message = bus.published.removeFirst();
      if (message instanceof BusMessage.PulsesAccepted answer) {
        pulses.receive(answer.with(SECOND));
      } else {
        arrive(message);
      }
      second.acceptAll();
    }
    assertThat(second.accepted).isEqualTo(events(50, 300));
    assertThat(pulses.size()).isZero();
  }

  @Test
  void thisNodeReportsThemIfItIsTheNextCoordinator() {
    forward(0, 250);
    coordinator = SELF;
    bus.view = WITHOUT_FIRST;
    step(1);
    assertThat(ownEvents()).isEqualTo(events(0, 250));
    assertThat(bytes.used()).isZero();
  }

  /// It may have accepted what is under way, but nothing after that.
  @Test
  void whatACoordinatorThatDrainsWasNotSentGoesToTheNextOne() {
    forward(0, 10);
    coordinator = SELF;
    bus.view = new NodesView(SELF, List.of(SELF, SECOND), ALL.known(), true, 0, 0);
    step(1);
    assertThat(ownEvents()).isEqualTo(events(1, 10));
    arrive();
    assertThat(first.accepted).isEqualTo(events(0, 1));
  }

  @Test
  void eventsWaitUntilThisNodeKnowsWhoReportsThem() {
    isSettled = false;
    forward(0, 3);
    step(1);
    assertThat(bus.published).isEmpty();
    assertThat(pulses.size()).isEqualTo(3);
    isSettled = true;
    step(1);
    arrive();
    assertThat(first.accepted).isEqualTo(events(0, 3));
    assertThat(own).isEmpty();
  }

  /// Such as one of a version that does not know these messages.
  @Test
  void aNodeThatAcceptsNothingIsPassedOver() {
    forward(0, 10);
    step(Pulses.PATIENCE_NS - 1);
    assertThat(own).isEmpty();
    step(1);
    assertThat(ownEvents()).isEqualTo(events(0, 10));
  }

  @Test
  void nothingIsRepeatedOrPassedOverWhileTheEngineIsAway() {
    forward(0, 10);
    bus.published.clear();
    bus.view = NodesViewBuilder.builder(ALL).isHearing(false).build();
    step(2 * Pulses.PATIENCE_NS);
    assertThat(own).isEmpty();
    assertThat(bus.published).isEmpty();
    bus.view = ALL;
    step(Pulses.PATIENCE_NS - 1);
    arrive();
    assertThat(first.accepted).isEqualTo(events(0, 10));
    assertThat(own).isEmpty();
  }

  @Test
  void whatFindsNoRoomIsReportedHere() {
    String data = "x".repeat(100_000);
    for (int i = 0; i < 100; i++) {
      take(new Fact(APP, new ClientEvent("private-a", "client-e", data, "1.2", null), 0, 0));
    }
    assertThat(pulses.size()).isBetween(1, 99);
    assertThat(pulses.size() + own.size()).isEqualTo(100);
    assertThat(pulses.unshared()).isEqualTo(own.size());
    arrive();
    assertThat(first.accepted.size() + own.size()).isEqualTo(100);
  }

  /// The outbox of the other node has failed with an exception.
  @Test
  void whatAnotherNodeHasLostIsAcceptedWhenItArrivesAgain() {
    forward(0, 1);
    arrive(bus.published.removeFirst());
    Objects.requireNonNull(first.queue.remove().sender()).lost();
    step(Pulses.REPEAT_NS);
    arrive();
    assertThat(first.accepted).isEqualTo(events(0, 1));
  }

  @Test
  void whatIsNotAcceptedAtShutdownIsReportedHere() {
    forward(0, 150);
    List<Fact> left = pulses.close();
    assertThat(left).extracting(Fact::event).isEqualTo(events(0, 150));
    assertThat(bytes.used()).isZero();
    forward(150, 151);
    assertThat(ownEvents()).isEqualTo(events(150, 151));
  }
}
