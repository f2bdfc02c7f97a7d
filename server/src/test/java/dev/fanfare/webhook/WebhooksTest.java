package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Outcomes;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From the listener to the receiver.
final class WebhooksTest {

  private final ManualClock clock = new ManualClock();
  private final Outcomes outcomes = new Outcomes();
  private final Outbox outbox = new MemoryOutbox(10);
  private Receiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  private Webhooks start(Outbox into, App app) {
    Webhooks.Clocks clocks = new Webhooks.Clocks(clock, clock::instant);
    return Webhooks.start(TestNode.apps(app), WebhookOptions.DEFAULTS, into, clocks, outcomes);
  }

  private App app(WebhookEvent.Type... types) {
    WebhookEndpoint endpoint = WebhookEndpoint.at(receiver.url()).withEvents(Set.of(types));
    return TestNode.APP.withWebhooks(List.of(endpoint));
  }

  @Test
  void removalsAreSentAfterTheDelay() {
    App app = app();
    try (Webhooks webhooks = start(outbox, app)) {
      webhooks.memberRemoved(app, "presence-a", "10");
      webhooks.channelVacated(app, "presence-a");
      webhooks.channelOccupied(app, "b");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied b");
      clock.advance(Duration.ofSeconds(3));
      assertThat(receiver.nextEvent()).isEqualTo("member_removed presence-a 10");
      assertThat(receiver.nextEvent()).isEqualTo("channel_vacated presence-a");
    }
  }

  /// This endpoint does not get the additions, but they cancel removals that it would get.
  @Test
  void endpointsForRemovalsOnlyDoNotGetCancelledOnes() {
    App app = app(WebhookEvent.Type.CHANNEL_VACATED, WebhookEvent.Type.MEMBER_ADDED);
    try (Webhooks webhooks = start(outbox, app)) {
      webhooks.channelVacated(app, "a");
      webhooks.memberRemoved(app, "presence-a", "10");
      webhooks.channelOccupied(app, "a");
      webhooks.memberAdded(app, "presence-a", "10");
      webhooks.channelVacated(app, "b");
      clock.advance(Duration.ofSeconds(3));
      assertThat(receiver.nextEvent()).isEqualTo("channel_vacated b");
      webhooks.memberAdded(app, "presence-a", "11");
      assertThat(receiver.nextEvent()).isEqualTo("member_added presence-a 11");
    }
  }

  @Test
  void channelsOfSignedInUsersRaiseNone() {
    App app = app();
    try (Webhooks webhooks = start(outbox, app)) {
      webhooks.channelOccupied(app, "#server-to-user-1");
      webhooks.channelOccupied(app, "a");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied a");
    }
  }

  @Test
  void anAppWithoutEndpointsCostsNothing() {
    try (Webhooks webhooks = start(outbox, TestNode.APP)) {
      webhooks.channelOccupied(TestNode.APP, "a");
    }
    assertThat(outbox.counts().accepted()).isZero();
  }

  @Test
  void atShutdownNothingIsHeldBack() {
    App app = app();
    try (Webhooks webhooks = start(outbox, app)) {
      webhooks.channelVacated(app, "a");
    }
    assertThat(receiver.nextEvent()).isEqualTo("channel_vacated a");
    assertThat(outbox.counts().delivered()).isEqualTo(1);
  }

  /// An event loop never waits for a disk: events that do not fit into the queue are dropped.
  @Test
  void aStuckOutboxDoesNotBlockEventLoops() throws InterruptedException {
    App app = app();
    CountDownLatch isStuck = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    Outbox stuck =
        (Outbox)
            Proxy.newProxyInstance(
                Outbox.class.getClassLoader(),
                new Class<?>[] {Outbox.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("accept")) {
                    isStuck.countDown();
                    mayGoOn.await();
                  }
                  return method.invoke(outbox, arguments);
                });
    try (Webhooks webhooks = start(stuck, app)) {
      webhooks.cacheMissed(app, "cache-first");
      isStuck.await();
      for (int i = 0; i < Intake.CAPACITY; i++) {
        webhooks.cacheMissed(app, "cache-a");
      }
      assertThat(outcomes.lines()).isEmpty();
      webhooks.cacheMissed(app, "cache-b");
      assertThat(outcomes.lines()).containsExactly("dropped 1: 65536 are waiting to be accepted");
      mayGoOn.countDown();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> outbox.counts().accepted() == Intake.CAPACITY + 1);
    }
  }
}
