package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage.Adopted;
import dev.fanfare.bus.BusMessage.Returned;
import dev.fanfare.bus.NodesView;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.OutboxContract;
import dev.fanfare.webhook.outbox.Outboxes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A node that was started with pending events asks the others before it delivers them.
final class ReturningTest {

  private static final NodesView UNSETTLED =
      new NodesView(7, List.of(7L, 8L, 9L), List.of(7L, 8L, 9L), false, 0, 0);
  private static final NodesView THREE = new NodesView(7, List.of(7L, 8L, 9L), 0, 0);

  private final Outbox outbox = Outboxes.inMemory(1);
  private final List<Returned> asked = new ArrayList<>();
  private final List<Entry> resumed = new ArrayList<>();

  private Returning returning() {
    return new Returning(outbox, asked::add, resumed::addAll, 0);
  }

  private static long ms(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }

  @Test
  void withoutPendingEventsThereIsNothingToAsk() {
    Returning returning = returning();
    assertThat(returning.isDone()).isTrue();
    returning.step(THREE, 0);
    assertThat(asked).isEmpty();
  }

  @Test
  void whatOthersHaveAdoptedIsRemovedAndTheRestDelivered() {
    List<Entry> entries = OutboxContract.accept(outbox, "1", "a", "b", "c", "d");
    Returning returning = returning();
    returning.step(UNSETTLED, 0);
    assertThat(asked).as("the others are not known yet").isEmpty();
    returning.step(THREE, ms(100));
    assertThat(asked).extracting(Returned::node).containsExactly(8L, 9L);
    assertThat(asked.getFirst().keys()).hasSize(4).doesNotHaveDuplicates();
    returning.receive(new Adopted("1", 8, asked.getFirst().number(), List.of(1, 99)));
    returning.step(THREE, ms(200));
    assertThat(resumed).as("the third node has not answered").isEmpty();
    returning.receive(new Adopted("1", 9, asked.getFirst().number(), List.of(2)));
    returning.step(THREE, ms(300));
    assertThat(resumed).containsExactly(entries.get(0), entries.get(3));
    assertThat(Outboxes.pending(outbox)).isEqualTo(resumed);
    returning.step(THREE, ms(20_000));
    assertThat(resumed).as("once").hasSize(2);
  }

  @Test
  void aNodeIsAskedAgainUntilItAnswersOrTenSecondsHavePassed() {
    List<Entry> entries = OutboxContract.accept(outbox, "1", "a");
    Returning returning = returning();
    for (long now = 0; now < 9_000; now += 100) {
      returning.step(THREE, ms(now));
    }
    assertThat(asked).filteredOn(question -> question.node() == 8).hasSize(18);
    assertThat(resumed).isEmpty();
    returning.step(UNSETTLED, ms(10_000));
    assertThat(resumed).isEqualTo(entries);
  }

  /// New events do not wait for the answers, and are not delivered twice.
  @Test
  void whatIsAcceptedMeanwhileIsNotResumed() {
    List<Entry> entries = OutboxContract.accept(outbox, "1", "a");
    Returning returning = returning();
    OutboxContract.accept(outbox, "1", "new");
    returning.step(THREE, ms(10_000));
    assertThat(resumed).isEqualTo(entries);
  }
}
