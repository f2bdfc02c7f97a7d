package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Shadow;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.NodesViewBuilder;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outboxes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node and its deputy: what the node has not delivered when it is killed, the deputy delivers.
final class ShadowsTest {

  private static final String URL = "http://127.0.0.1/hook";
  private static final App APP = TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(URL)));
  private static final long OWNER = 7;
  private static final long DEPUTY = 8;
  private static final NodesView BOTH = new NodesView(DEPUTY, List.of(OWNER, DEPUTY), 0, 0);
  private static final NodesView ALONE = new NodesView(DEPUTY, List.of(DEPUTY), 0, 0);
  private static final NodesView OF_OWNER = new NodesView(OWNER, List.of(OWNER, DEPUTY), 0, 0);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final Outbox outbox = Outboxes.inMemory(1);
  private final List<BusMessage.Direct> underWay = new ArrayList<>();
  private final List<BusMessage.Shadows> sent = new ArrayList<>();
  private final List<Draft> adopted = new ArrayList<>();
  private long successor = DEPUTY;
  private int room = Integer.MAX_VALUE;
  private long nowNs;

  private final Shadows shadows =
      new Shadows(
          (_, _) -> successor,
          message -> {
            sent.add(message);
            underWay.add(message);
          });

  private final Deputy deputy = deputy(1 << 20);

  private Deputy deputy(long maxBytes) {
    return new Deputy(
        TestNode.apps(APP), Outboxes.memory(), maxBytes, this::inherit, underWay::add);
  }

  @BeforeEach
  void observe() {
    outbox.observe(change -> {
      shadows.accepted(change.accepted());
      shadows.ended(change.settled());
    });
    assertThat(shadows.step(OF_OWNER, nowNs)).isEmpty();
    deputy.adopt(BOTH);
  }

  private List<Integer> inherit(List<Draft> drafts) {
    List<Integer> taken = IntStream.range(0, Math.min(room, drafts.size())).boxed().toList();
    taken.forEach(index -> adopted.add(drafts.get(index)));
    return taken;
  }

  private static Draft draft(String channel) {
    return new Draft(
        APP.id(), URL, channel, 1_327_078_148_132L, "{\"channel\":\"" + channel + "\"}");
  }

  private List<Entry> accept(int first, int count) {
    return outbox.accept(
        IntStream.range(first, first + count).mapToObj(i -> draft("c" + i)).toList());
  }

  private List<Draft> pending() {
    return Outboxes.pending(outbox).stream().map(Entry::draft).toList();
  }

  /// Everything that is under way arrives.
  private void arrive() {
    while (!underWay.isEmpty()) {
      arrive(underWay.removeFirst());
    }
  }

  private void arrive(BusMessage.Direct message) {
    switch (message) {
      case BusMessage.Shadows pending -> deputy.receive(pending.with(OWNER));
      case BusMessage.ShadowsKept answer -> shadows.receive(answer.with(DEPUTY));
      default -> throw new AssertionError(message);
    }
  }

  private void killOwner() {
    deputy.adopt(BOTH);
    deputy.adopt(ALONE);
  }

  @Test
  void whatIsPendingIsAdoptedInOrder() {
    List<Entry> entries = accept(0, 250);
    outbox.delivered(entries.subList(0, 50));
    outbox.dead(entries.subList(50, 60), 0, "too old");
    arrive();
    assertThat(adopted).as("the node is there").isEmpty();
    killOwner();
    assertThat(adopted).isEqualTo(pending()).hasSize(190);
    assertThat(deputy.size()).isZero();
    deputy.adopt(ALONE);
    assertThat(adopted).as("once").hasSize(190);
  }

  @Test
  void whatIsDeliveredAtOnceIsNeverSent() {
    List<Entry> first = accept(0, 1);
    List<Entry> second = accept(1, 1);
    outbox.delivered(second);
    outbox.delivered(first);
    arrive();
    assertThat(sent.stream().flatMap(message -> message.added().stream()))
        .extracting(Shadow::id)
        .containsExactly(first.getFirst().id());
    assertThat(shadows.size()).isZero();
    killOwner();
    assertThat(adopted).isEmpty();
  }

  /// Messages are lost, doubled and reordered, also the answers; what is repeated counts once.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void inTheEndTheDeputyKnowsWhatIsPendingWhateverIsLost(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      accept(i, 1);
      List<Entry> some = Outboxes.pending(outbox);
      if (random.nextBoolean()) {
        outbox.delivered(List.of(some.get(random.nextInt(some.size()))));
      }
      Collections.shuffle(underWay, random);
      for (BusMessage.Direct message : List.copyOf(underWay)) {
        int fate = random.nextInt(4);
        if (fate != 0) {
          underWay.remove(message);
        }
        if (fate <= 1) {
          arrive(message);
        }
      }
      nowNs += SECOND_NS / 5;
      assertThat(shadows.step(OF_OWNER, nowNs)).isEmpty();
    }
    for (int i = 0; i < 10; i++) {
      arrive();
      nowNs += SECOND_NS;
      assertThat(shadows.step(OF_OWNER, nowNs)).isEmpty();
    }
    killOwner();
    assertThat(adopted).isEqualTo(pending());
  }

  /// What the deputy delivers again is what was delivered in the last moments.
  @Test
  void onlyWhatTheDeputyHasNotLearnedIsDeliveredTwice() {
    List<Entry> entries = accept(0, 10);
    arrive();
    outbox.delivered(entries.subList(0, 5));
    arrive();
    outbox.delivered(entries.subList(5, 6)); // killed before this arrives
    killOwner();
    assertThat(adopted).isEqualTo(entries.subList(5, 10).stream().map(Entry::draft).toList());
  }

  /// The last messages need no answers, since the farewell follows them on the same link.
  @Test
  void aNodeThatShutsDownLeavesNothingToAdoptThatItHasDelivered() {
    List<Entry> entries = accept(0, 10);
    arrive();
    outbox.delivered(entries.subList(0, 3)); // under way
    outbox.delivered(entries.subList(3, 8)); // waits for the answer
    outbox.handedOver(entries.subList(8, 9));
    shadows.flush();
    for (BusMessage.Direct message : List.copyOf(underWay)) {
      arrive(message);
    }
    killOwner();
    assertThat(adopted).containsExactly(entries.getLast().draft());
  }

  @Test
  void aNodeThatIsCutOffOrDrainsAdoptsNothing() {
    accept(0, 1);
    arrive();
    deputy.adopt(BOTH);
    deputy.adopt(NodesViewBuilder.builder(ALONE).isHearing(false).build());
    deputy.adopt(new NodesView(DEPUTY, List.of(), 0, 0));
    assertThat(adopted).isEmpty();
    deputy.adopt(ALONE);
    assertThat(adopted).hasSize(1);
  }

  @Test
  void anotherSuccessorLearnsOfThemBeforeTheFirstOneForgets() {
    List<Entry> entries = accept(0, 3);
    arrive();
    successor = 9;
    NodesView three = new NodesView(OWNER, List.of(OWNER, DEPUTY, 9L), 0, 0);
    List<Long> moved = shadows.step(three, nowNs);
    assertThat(moved).isEqualTo(entries.stream().map(Entry::id).toList());
    shadows.accepted(entries);
    assertThat(sent.getLast().node()).isEqualTo(9);
    assertThat(sent.getLast().added()).extracting(Shadow::id).isEqualTo(moved);
    underWay.removeIf(message -> message.node() == 9);
    arrive();
    assertThat(deputy.size()).as("until the other one has answered").isEqualTo(3);
    outbox.delivered(entries.subList(0, 1));
    arrive();
    assertThat(deputy.size()).isEqualTo(2);
    shadows.receive(new BusMessage.ShadowsKept(APP.id(), 9, sent.get(1).number()));
    underWay.removeIf(message -> message.node() == 9);
    arrive();
    assertThat(deputy.size()).isZero();
  }

  /// An answer of a node that was to know them in between says nothing about the last one.
  @Test
  void theFirstSuccessorKeepsThemUntilTheLastOneHasAnswered() {
    List<Entry> entries = accept(0, 1);
    arrive();
    for (long life : new long[] {9, 10}) {
      successor = life;
      assertThat(
              shadows.step(
                  new NodesView(OWNER, List.of(OWNER, DEPUTY, 9L, life + 1, 10L), 0, 0), nowNs))
          .hasSize(1);
      shadows.accepted(entries);
    }
    shadows.receive(new BusMessage.ShadowsKept(APP.id(), 9, sent.get(1).number()));
    underWay.removeIf(message -> message.node() > DEPUTY);
    arrive();
    assertThat(deputy.size()).isEqualTo(1);
    shadows.receive(new BusMessage.ShadowsKept(APP.id(), 10, sent.get(2).number()));
    underWay.removeIf(message -> message.node() > DEPUTY);
    arrive();
    assertThat(deputy.size()).isZero();
  }

  @Test
  void theFirstSuccessorKeepsWhatComesBackToItBeforeTheOtherOneAnswers() {
    List<Entry> entries = accept(0, 3);
    arrive();
    successor = 9;
    NodesView three = new NodesView(OWNER, List.of(OWNER, DEPUTY, 9L), 0, 0);
    assertThat(shadows.step(three, nowNs)).hasSize(3);
    shadows.accepted(entries);
    successor = DEPUTY;
    assertThat(shadows.step(OF_OWNER, nowNs)).hasSize(3);
    shadows.accepted(entries);
    underWay.removeIf(message -> message.node() == 9);
    arrive();
    assertThat(deputy.size()).isEqualTo(3);
    outbox.delivered(entries);
    arrive();
    assertThat(deputy.size()).isZero();
  }

  @Test
  void aSuccessorThatIsGoneIsReplaced() {
    List<Entry> entries = accept(0, 3);
    successor = 9;
    assertThat(shadows.step(new NodesView(OWNER, List.of(OWNER, 9L), 0, 0), nowNs)).hasSize(3);
    shadows.accepted(entries);
    assertThat(sent.getLast().node()).isEqualTo(9);
    nowNs += SECOND_NS;
    underWay.clear();
    assertThat(shadows.step(new NodesView(OWNER, List.of(OWNER, 9L), 0, 0), nowNs)).isEmpty();
    assertThat(underWay).extracting(BusMessage.Direct::node).containsExactly(9L);
  }

  @Test
  void theOwnerSharesSoManyEventsOnly() {
    accept(0, Shadows.MAX_EVENTS + 10);
    arrive();
    assertThat(shadows.size()).isLessThanOrEqualTo(Shadows.MAX_EVENTS);
    assertThat(shadows.unshared()).isEqualTo(Shadows.MAX_EVENTS + 10L - shadows.size());
    outbox.delivered(Outboxes.pending(outbox));
    arrive();
    assertThat(shadows.size()).isZero();
    assertThat(deputy.size()).isZero();
    accept(0, 1);
    assertThat(shadows.size()).as("there is room again").isEqualTo(1);
  }

  @Test
  void bytesThatWaitForAnAnswerAreBounded() {
    String long100k = "x".repeat(100_000);
    for (int i = 0; i < 100; i++) {
      var _ = outbox.accept(List.of(new Draft(APP.id(), URL, "c", i, long100k)));
    }
    assertThat(shadows.size()).isLessThanOrEqualTo((int) (Shadows.MAX_WAITING_BYTES / 100_000));
    arrive();
    var _ = outbox.accept(List.of(new Draft(APP.id(), URL, "c", 0, "{}")));
    assertThat(sent.getLast().added()).hasSize(1);
  }

  @Test
  void theDeputyKeepsSoManyBytesOnly() {
    Deputy small = deputy(1_000);
    accept(0, 100);
    small.receive(sent.getFirst().with(OWNER));
    for (BusMessage.Shadows message : sent) {
      small.receive(message.with(OWNER));
    }
    assertThat(small.size()).isLessThan(5);
    assertThat(small.size() + small.unkept()).isEqualTo(messageEvents());
    assertThat(underWay)
        .as("answered all the same")
        .anyMatch(BusMessage.ShadowsKept.class::isInstance);
  }

  private long messageEvents() {
    return sent.stream().mapToLong(message -> message.added().size()).sum();
  }

  private BusMessage.Adopted ask(List<Entry> entries) {
    List<Long> keys =
        entries.stream()
            .map(entry -> EventKey.of(entry.id(), APP.id(), HandOver.draft(entry.draft())))
            .toList();
    deputy.receive(new BusMessage.Returned(APP.id(), 11, 1, keys));
    return (BusMessage.Adopted) underWay.removeLast();
  }

  @Test
  void aNodeThatIsBackLearnsWhatWasAdopted() {
    List<Entry> entries = accept(0, 10);
    arrive();
    room = 6;
    killOwner();
    assertThat(ask(entries).adopted()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(ask(entries).node()).isEqualTo(11);
  }

  /// It is faster than the lease: its events are its own.
  @Test
  void whatANodeHasBroughtBackIsNotAdopted() {
    List<Entry> entries = accept(0, 10);
    arrive();
    assertThat(ask(entries.subList(0, 9)).adopted()).isEmpty();
    killOwner();
    assertThat(adopted).containsExactly(entries.getLast().draft());
  }
}
