package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.SampleChanges;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Outcomes;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
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
  private final Outbox outbox = Outboxes.inMemory(10);
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
    return start(into, Outboxes.memory(), app);
  }

  private Webhooks start(Outbox into, Share memory, App... apps) {
    Webhooks.Clocks clocks = new Webhooks.Clocks(clock, clock::instant);
    return Webhooks.start(
        TestNode.apps(apps),
        WebhookOptions.DEFAULTS,
        into,
        memory,
        clocks,
        outcomes,
        new LocalBus());
  }

  private App app(WebhookEvent.Type... types) {
    WebhookEndpoint endpoint = WebhookEndpoint.at(receiver.url()).withEvents(Set.of(types));
    return TestNode.APP.withWebhooks(List.of(endpoint));
  }

  @Test
  void removalsAreSentAfterTheDelay() {
    App app = app();
    try (Webhooks webhooks = start(outbox, app)) {
      webhooks.onChange(SampleChanges.memberRemoved(app, "presence-a", "10"));
      webhooks.onChange(SampleChanges.vacated(app, "presence-a"));
      webhooks.onChange(SampleChanges.occupied(app, "b"));
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
      webhooks.onChange(SampleChanges.vacated(app, "a"));
      webhooks.onChange(SampleChanges.memberRemoved(app, "presence-a", "10"));
      webhooks.onChange(SampleChanges.occupied(app, "a"));
      webhooks.onChange(SampleChanges.memberAdded(app, "presence-a", "10"));
      webhooks.onChange(SampleChanges.vacated(app, "b"));
      clock.advance(Duration.ofSeconds(3));
      assertThat(receiver.nextEvent()).isEqualTo("channel_vacated b");
      webhooks.onChange(SampleChanges.memberAdded(app, "presence-a", "11"));
      assertThat(receiver.nextEvent()).isEqualTo("member_added presence-a 11");
    }
  }

  @Test
  void channelsOfSignedInUsersRaiseNone() {
    App app = app();
    try (Webhooks webhooks = start(outbox, app)) {
      webhooks.onChange(SampleChanges.occupied(app, "#server-to-user-1"));
      webhooks.onChange(SampleChanges.occupied(app, "a"));
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied a");
    }
  }

  @Test
  void anAppWithoutEndpointsCostsNothing() {
    try (Webhooks webhooks = start(outbox, TestNode.APP)) {
      webhooks.onChange(SampleChanges.occupied(TestNode.APP, "a"));
    }
    assertThat(outbox.counts().accepted()).isZero();
  }

  @Test
  void atShutdownNothingIsHeldBack() {
    App app = app();
    try (Webhooks webhooks = start(outbox, app)) {
      webhooks.onChange(SampleChanges.vacated(app, "a"));
    }
    assertThat(receiver.nextEvent()).isEqualTo("channel_vacated a");
    assertThat(outbox.counts().delivered()).isEqualTo(1);
  }

  /// An event loop never waits for a disk: events that do not fit into the queue are dropped. There
  /// is still room for those of another app.
  @Test
  void aStuckOutboxDoesNotBlockEventLoops() throws InterruptedException {
    App app = app();
    App other = app.withId("2").withKey("key2");
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
    Share small = Outboxes.memory(1 << 20);
    try (Webhooks webhooks = start(stuck, small, app, other)) {
      webhooks.onChange(SampleChanges.cacheMissed(app, "cache-first"));
      isStuck.await();
      int accepted = 1;
      while (outcomes.lines().isEmpty()) {
        webhooks.onChange(SampleChanges.cacheMissed(app, "cache-a"));
        accepted++;
      }
      assertThat(accepted).isBetween(100, Intake.CAPACITY);
      assertThat(small.used()).isBetween(100_000L, 1L << 18);
      assertThat(outcomes.lines().getFirst())
          .startsWith("dropped 1: too many events are waiting to be accepted: ")
          .endsWith(" of all, the limit is 262144 (a part of webhook_memory_bytes)");
      webhooks.onChange(SampleChanges.cacheMissed(other, "cache-b"));
      assertThat(outcomes.lines()).as("another app's event is not dropped").hasSize(1);
      mayGoOn.countDown();
      int all = accepted;
      await().atMost(Duration.ofMinutes(1)).until(() -> outbox.counts().accepted() == all);
    } finally {
      mayGoOn.countDown();
    }
    assertThat(small.used()).as("bytes that are held after the end").isZero();
  }
}
