package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.FairBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What is delayed, what cancels what, and what stays in order. Times are seconds.
final class HoldBackTest {

  private static final WebhookEvent OCCUPIED = new ChannelOccupied("presence-a");
  private static final WebhookEvent VACATED = new ChannelVacated("presence-a");
  private static final WebhookEvent ADDED = new MemberAdded("presence-a", "10");
  private static final WebhookEvent REMOVED = new MemberRemoved("presence-a", "10");

  private final List<WebhookEvent> passed = new ArrayList<>();
  private HoldBack holdBack = waiting(3, 1 << 20);

  private static HoldBack waiting(int seconds, long bytes) {
    return new HoldBack(TimeUnit.SECONDS.toNanos(seconds), new FairBytes<>(bytes));
  }

  private void at(double seconds, WebhookEvent... events) {
    at(TestNode.APP, seconds, events);
  }

  private void at(App app, double seconds, WebhookEvent... events) {
    long atNs = (long) (seconds * 1e9);
    for (WebhookEvent event : events) {
      holdBack.take(new Fact(app, event, atNs / 1_000_000, atNs), this::pass);
    }
  }

  private void pass(Fact fact) {
    passed.add(fact.event());
  }

  private List<WebhookEvent> passedBy(double seconds) {
    holdBack.release((long) (seconds * 1e9), this::pass);
    List<WebhookEvent> now = List.copyOf(passed);
    passed.clear();
    return now;
  }

  @Test
  void additionsArePassedOnAtOnceAndRemovalsAreDelayedInOrder() {
    at(0, OCCUPIED, ADDED);
    assertThat(passedBy(0)).containsExactly(OCCUPIED, ADDED);
    at(1, REMOVED, VACATED);
    assertThat(passedBy(3.9)).isEmpty();
    assertThat(passedBy(4)).containsExactly(REMOVED, VACATED);
    assertThat(passedBy(99)).isEmpty();
  }

  @Test
  void aReturnCancelsTheRemovalAndTheAddition() {
    at(0, REMOVED, VACATED);
    at(2.9, OCCUPIED, ADDED);
    assertThat(passedBy(99)).isEmpty();
    assertThat(holdBack.isEmpty()).isTrue();
  }

  @Test
  void aReturnAfterTheDelayCancelsNothing() {
    at(0, REMOVED, VACATED);
    at(3, OCCUPIED, ADDED);
    assertThat(passedBy(3)).containsExactly(REMOVED, VACATED, OCCUPIED, ADDED);
  }

  @Test
  void everyAbsenceStartsANewDelay() {
    at(0, VACATED);
    at(2, OCCUPIED);
    at(2.5, VACATED);
    assertThat(passedBy(5.4)).isEmpty();
    assertThat(passedBy(5.5)).containsExactly(VACATED);
  }

  @Test
  void theChannelMayComeBackWithAnotherUser() {
    MemberAdded other = new MemberAdded("presence-a", "11");
    at(0, REMOVED, VACATED);
    at(1, OCCUPIED, other);
    assertThat(passedBy(2)).containsExactly(other);
    assertThat(passedBy(3)).containsExactly(REMOVED);
  }

  @Test
  void anotherUserChannelOrAppCancelsNothing() {
    at(0, REMOVED, VACATED);
    WebhookEvent[] others = {
      new MemberAdded("presence-b", "10"),
      new ChannelOccupied("presence-b"),
      new MemberAdded("presence-a", "1")
    };
    at(1, others);
    at(TestNode.APP.withId("another"), 1, OCCUPIED, ADDED);
    assertThat(passedBy(1)).hasSize(5);
    assertThat(passedBy(3)).containsExactly(REMOVED, VACATED);
  }

  @Test
  void otherEventsAreNotDelayed() {
    WebhookEvent count = new SubscriptionCount("a", 0);
    at(0, VACATED, count);
    assertThat(passedBy(0)).containsExactly(count);
  }

  /// Facts may be processed late; what counts is when they happened.
  @Test
  void delaysAreMeasuredByTheTimesOfTheFacts() {
    at(0, VACATED);
    at(2, OCCUPIED);
    at(50, ADDED);
    assertThat(passedBy(50)).containsExactly(ADDED);
    at(60, VACATED);
    at(64, new SubscriptionCount("b", 1));
    assertThat(passedBy(60)).hasSize(2).first().isEqualTo(VACATED);
  }

  @Test
  void withoutHoldBackNothingIsDelayed() {
    holdBack = waiting(0, 1 << 20);
    at(0, REMOVED, VACATED, OCCUPIED, ADDED);
    assertThat(passedBy(0)).containsExactly(REMOVED, VACATED, OCCUPIED, ADDED);
  }

  @Test
  void ifTooManyAreHeldTheOldestArePassedOnEarly() {
    holdBack = waiting(3, 1_000);
    at(0, new ChannelVacated("a"), new ChannelVacated("b"), new ChannelVacated("c"));
    assertThat(passedBy(0)).containsExactly(new ChannelVacated("a"));
    at(TestNode.APP.withId("another"), 0, new ChannelVacated("d"));
    assertThat(passedBy(0)).as("one app's removals push out no others").isEmpty();
  }

  @Test
  void atShutdownEverythingIsPassedOn() {
    at(0, REMOVED, VACATED);
    holdBack.releaseAll(this::pass);
    assertThat(passed).containsExactly(REMOVED, VACATED);
    assertThat(holdBack.isEmpty()).isTrue();
  }
}
