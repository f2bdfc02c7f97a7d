package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Undelivered;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outboxes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A node that shuts down hands its pending events over; what the other one does not accept stays.
final class HandOverTest {

  private static final String URL = "http://127.0.0.1/hook";
  private static final App APP = TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(URL)));
  private static final long LEAVES = 7;
  private static final long STAYS = 8;

  private final Outbox left = Outboxes.inMemory(1);
  private final Outbox right = Outboxes.inMemory(1);
  private final List<Undelivered> sent = new ArrayList<>();

  /// Each question about the time takes a tenth of a second, so waiting ends soon.
  private final ManualClock clock = new ManualClock();

  private Consumer<Undelivered> toHeir = this::deliver;
  private Consumer<BusMessage.TakenOver> toLeaver = this::answer;
  private int room = Integer.MAX_VALUE;

  private final HandOver handOver =
      new HandOver(
          left,
          (_, channel) -> channel.startsWith("lost") ? 0 : STAYS,
          part -> {
            sent.add(part);
            toHeir.accept(part);
          },
          this::nanoTime);

  private final Heir heir =
      new Heir(TestNode.apps(APP), this::inherit, answer -> toLeaver.accept(answer), Runnable::run);

  private long nanoTime() {
    clock.advance(Duration.ofMillis(100));
    return clock.nanoTime();
  }

  private void deliver(Undelivered part) {
    heir.receive(part.with(LEAVES));
  }

  private void answer(BusMessage.TakenOver answer) {
    assertThat(answer.node()).isEqualTo(LEAVES);
    handOver.receive(answer.with(STAYS));
  }

  /// Accepts as many as there is room for, of known endpoints.
  private List<Integer> inherit(List<Draft> drafts) {
    List<Integer> taken =
        IntStream.range(0, drafts.size())
            .filter(i -> i < room && drafts.get(i).endpoint().equals(URL))
            .boxed()
            .toList();
    var _ = right.accept(taken.stream().map(drafts::get).toList());
    return taken;
  }

  private static Draft draft(String endpoint, String channel, String event) {
    return new Draft(APP.id(), endpoint, channel, 1_327_078_148_132L, event);
  }

  private static Draft draft(String channel) {
    return draft(URL, channel, "{\"name\":\"channel_occupied\",\"channel\":\"" + channel + "\"}");
  }

  private List<Draft> accept(int count) {
    List<Draft> drafts = IntStream.range(0, count).mapToObj(i -> draft("c" + i)).toList();
    var _ = left.accept(drafts);
    return drafts;
  }

  private static List<Draft> pending(Outbox outbox) {
    return Outboxes.pending(outbox).stream().map(Entry::draft).toList();
  }

  @Test
  void everythingIsHandedOverInOrder() {
    List<Draft> drafts = accept(250);
    handOver.run();
    assertThat(pending(right)).isEqualTo(drafts);
    assertThat(left.counts()).isEqualTo(new Counts(0, 0, 0, 0, 0));
    assertThat(sent).hasSizeGreaterThan(2);
  }

  @Test
  void nothingGoesToANodeThatDoesNotExist() {
    var _ = left.accept(List.of(draft("lost")));
    handOver.run();
    assertThat(sent).isEmpty();
    assertThat(pending(left)).containsExactly(draft("lost"));
  }

  @Test
  void withoutAnAnswerEverythingStays() {
    List<Draft> drafts = accept(250);
    toHeir = _ -> {};
    handOver.run();
    assertThat(pending(left)).isEqualTo(drafts);
    assertThat(sent).extracting(Undelivered::number).containsOnly(1L).hasSizeGreaterThan(1);
  }

  @Test
  void aPartThatIsLostIsSentAgain() {
    List<Draft> drafts = accept(3);
    toHeir =
        _ -> {
          toHeir = this::deliver;
        };
    handOver.run();
    assertThat(pending(right)).isEqualTo(drafts);
    assertThat(pending(left)).isEmpty();
  }

  @Test
  void aPartWhoseAnswerIsLostIsAcceptedOnce() {
    List<Draft> drafts = accept(3);
    toLeaver =
        _ -> {
          toLeaver = this::answer;
        };
    handOver.run();
    assertThat(sent).hasSizeGreaterThan(1);
    assertThat(pending(right)).isEqualTo(drafts);
    assertThat(pending(left)).isEmpty();
  }

  /// If all answers are lost, both nodes have the first part, and no more.
  @Test
  void atMostOnePartIsKeptByBothNodes() {
    List<Draft> drafts = accept(250);
    toLeaver = _ -> {};
    handOver.run();
    assertThat(pending(left)).isEqualTo(drafts);
    assertThat(pending(right)).isEqualTo(drafts.subList(0, 100));
  }

  @Test
  void whatTheOtherNodeHasNoRoomForStaysWithAllThatFollows() {
    List<Draft> drafts = accept(250);
    room = 30;
    handOver.run();
    assertThat(pending(right)).isEqualTo(drafts.subList(0, 30));
    assertThat(pending(left)).isEqualTo(drafts.subList(30, 250));
  }

  @Test
  void eventsForAnEndpointThatTheOtherNodeDoesNotHaveStay() {
    Draft unknown = draft("http://127.0.0.1/other", "c", "{}");
    var _ = left.accept(List.of(unknown, draft("c")));
    handOver.run();
    assertThat(pending(right)).containsExactly(draft("c"));
    assertThat(pending(left)).containsExactly(unknown);
  }

  @Test
  void eventsOfAnAppThatTheOtherNodeDoesNotHaveStay() {
    Draft unknown = new Draft("another", URL, "c", 0, "{}");
    var _ = left.accept(List.of(unknown));
    handOver.run();
    assertThat(pending(right)).isEmpty();
    assertThat(pending(left)).containsExactly(unknown);
  }

  @Test
  void aNodeThatShutsDownItselfAcceptsNothing() {
    List<Draft> drafts = accept(3);
    heir.close();
    handOver.run();
    assertThat(pending(right)).isEmpty();
    assertThat(pending(left)).isEqualTo(drafts);
  }

  @Test
  void longEventsGoAloneAndTooLongOnesStay() {
    Draft big = draft(URL, "a", "x".repeat(100_000));
    Draft huge = draft(URL, "b", "x".repeat(300_000));
    var _ = left.accept(List.of(big, huge, draft("c")));
    handOver.run();
    assertThat(sent).extracting(part -> part.events().size()).containsExactly(1, 1);
    assertThat(pending(right)).containsExactly(big, draft("c"));
    assertThat(pending(left)).containsExactly(huge);
  }

  @Test
  void noUrlLeavesTheNode() {
    accept(1);
    handOver.run();
    assertThat(sent.toString()).doesNotContain("127.0.0.1");
  }

  /// Parts of many nodes that arrive before any is processed.
  @Test
  void partsThatWaitAreBounded() {
    List<Runnable> later = new ArrayList<>();
    List<BusMessage.TakenOver> answers = new ArrayList<>();
    Heir slow = new Heir(TestNode.apps(APP), this::inherit, answers::add, later::add);
    for (long node = 1; node <= 100; node++) {
      BusMessage.WebhookDraft event =
          new BusMessage.WebhookDraft(EndpointHash.of(APP.id(), URL), "c", 0, "{}");
      slow.receive(new Undelivered(APP.id(), node, 1, List.of(event)));
    }
    assertThat(later).hasSize(1);
    later.removeFirst().run();
    assertThat(answers).hasSize(64);
    assertThat(later).isEmpty();
  }
}
