package dev.fanfare.webhook.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ChannelPattern;
import dev.fanfare.app.ExcludedChannels;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Endpoints are added, changed and removed while events are pending.
final class CouriersFollowTest {

  private Receiver receiver;
  private App app;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
    app = Post.app(receiver.url());
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  private static void eventually(Runnable assertion) {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion::run);
  }

  @Test
  void retriesUseTheNewSecretAndHeaders() throws Exception {
    receiver.always(Manner.FAILS);
    App repaired =
        app.withSecret(new Secret("another"))
            .withWebhooks(
                List.of(
                    WebhookEndpoint.at(receiver.url())
                        .withHeaders(Map.of("Authorization", new Secret("right")))));
    try (Post post = new Post(WebhookOptions.DEFAULTS, app).withHeldPauses()) {
      post.occupied("a");
      Taken first = receiver.next();
      assertThat(first.header("Authorization")).isNull();
      post.reload(repaired);
      receiver.always(Manner.TAKES);
      post.releasePauses();
      Taken last = receiver.next();
      assertThat(last.header("Authorization")).isEqualTo("right");
      assertThat(last.body()).isEqualTo(first.body());
      assertThat(repaired.secret().signature().matches(last.body(), signature(last))).isTrue();
      eventually(() -> assertThat(post.outbox.counts().delivered()).isEqualTo(1));
    }
  }

  private static String signature(Taken request) {
    return String.valueOf(request.header("X-Pusher-Signature"));
  }

  @Test
  void pendingEventsOfAnEndpointThatStaysAreKept() {
    receiver.always(Manner.FAILS);
    try (Post post = new Post(WebhookOptions.DEFAULTS, app).withEndlessPauses()) {
      post.occupied("a", "b");
      receiver.next();
      post.reload(app.withSecret(new Secret("another")));
      assertThat(post.outbox.counts().pending()).isEqualTo(2);
      assertThat(post.outbox.counts().deadLetters()).isZero();
    }
  }

  @Test
  void pendingEventsOfARemovedEndpointBecomeDeadLetters() {
    receiver.always(Manner.FAILS);
    try (Post post = new Post(WebhookOptions.DEFAULTS, app).withEndlessPauses()) {
      post.occupied("a", "b");
      receiver.next();
      await().until(() -> !post.pauses.isEmpty());
      post.occupied("c");
      post.reload(app.withWebhooks(List.of()));
      eventually(() -> assertThat(post.outbox.counts().deadLetters()).isEqualTo(3));
      assertThat(post.outbox.counts().pending()).isZero();
      assertThat(post.outcomes.lines())
          .anyMatch(line -> line.startsWith("dead 2: " + Courier.DISMISSED + "; the last attempt"))
          .anyMatch(line -> line.equals("dead 1: " + Courier.DISMISSED));
    }
  }

  /// The hosted service and soketi have one webhook for each filter, often with one URL.
  @Test
  void twoEndpointsWithOneUrlAreTwoReceivers() {
    WebhookEndpoint all = app.webhooks().getFirst();
    WebhookEndpoint some =
        all.withChannels(new ChannelFilter("a", "", ChannelPattern.ANY))
            .withHeaders(Map.of("X-Filter", new Secret("a")));
    App both = app.withWebhooks(List.of(all, some));
    try (Post post = new Post(WebhookOptions.DEFAULTS, both)) {
      post.occupied("a");
      List<String> filters = new ArrayList<>();
      filters.add(String.valueOf(receiver.next().header("X-Filter")));
      filters.add(String.valueOf(receiver.next().header("X-Filter")));
      assertThat(filters).containsExactlyInAnyOrder("null", "a");
      post.occupied("b");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied b");
      eventually(() -> assertThat(post.outbox.counts().delivered()).isEqualTo(3));
    }
  }

  @Test
  void whatWaitsForAnEndpointIsSentToAnotherWithItsUrlOnceItIsGone() {
    receiver.always(Manner.FAILS);
    WebhookEndpoint all = app.webhooks().getFirst();
    WebhookEndpoint some = all.withChannels(new ChannelFilter("a", "", ChannelPattern.ANY));
    App both = app.withWebhooks(List.of(some, all));
    try (Post post = new Post(WebhookOptions.DEFAULTS, both).withHeldPauses()) {
      post.occupied("b");
      receiver.next();
      post.reload(app.withWebhooks(List.of(some)));
      receiver.always(Manner.TAKES);
      post.releasePauses();
      eventually(() -> assertThat(post.outbox.counts().delivered()).isEqualTo(1));
      assertThat(post.outbox.counts().deadLetters()).isZero();
    }
  }

  @Test
  void aReloadExcludesChannelsFromTheNextEventOn() {
    WebhookEndpoint some =
        app.webhooks()
            .getFirst()
            .withExcluded(new ExcludedChannels("private-encrypted-", "", ChannelPattern.ANY));
    try (Post post = new Post(WebhookOptions.DEFAULTS, app)) {
      post.occupied("private-encrypted-a");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied private-encrypted-a");
      post.reload(app.withWebhooks(List.of(some)));
      post.occupied("private-encrypted-b", "c");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied c");
      assertThat(post.outbox.counts().accepted()).isEqualTo(2);
    }
  }

  private static Outbox.Draft draft(Post post, App of, String channel) {
    long nowMs = post.clock.instant().toEpochMilli();
    String event = "{\"name\":\"channel_occupied\",\"channel\":\"" + channel + "\"}";
    return new Outbox.Draft(of.id(), of.webhooks().getFirst().id(), channel, nowMs, event);
  }

  /// Its row could not be read at the start.
  @Test
  void eventsWaitForAnAppThatMayStillBeRead() {
    App deleted = app.withId("deleted");
    try (Post post = new Post(WebhookOptions.DEFAULTS, app)) {
      post.reload();
      post.setLoaded(false);
      var _ =
          post.outbox.accept(
              List.of(draft(post, app, "a"), draft(post, app, "b"), draft(post, deleted, "a")));
      post.couriers.resume(Outboxes.pending(post.outbox));
      post.couriers.appsChanged();
      assertThat(post.outbox.counts().pending()).isEqualTo(3);
      post.reload(app);
      post.occupied("c");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied a");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied b");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied c");
      assertThat(post.outbox.counts().deadLetters()).isZero();
      post.setLoaded(true);
      post.couriers.appsChanged();
      assertThat(post.outbox.counts().deadLetters()).isEqualTo(1);
      eventually(() -> assertThat(post.outbox.counts().delivered()).isEqualTo(3));
    }
  }

  /// What happens to the app just then must not overtake what has waited.
  @Test
  void eventsThatWaitedAreSentBeforeLaterOnes() {
    try (Post post = new Post(WebhookOptions.DEFAULTS, app)) {
      post.reload();
      post.setLoaded(false);
      var _ = post.outbox.accept(List.of(draft(post, app, "a")));
      post.couriers.resume(Outboxes.pending(post.outbox));
      post.replaceQuietly(app);
      post.occupied("b");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied a");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied b");
    }
  }

  @Test
  void aRemovedAppGetsNoEventsUntilItIsAddedAgain() {
    try (Post post = new Post(WebhookOptions.DEFAULTS, app)) {
      post.reload();
      post.occupied("a");
      assertThat(post.outbox.counts().accepted()).isZero();
      post.reload(app);
      post.occupied("b");
      assertThat(receiver.next().events()).containsExactly("channel_occupied b");
    }
  }
}
