package dev.fanfare.webhook.courier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requests to real receivers that accept, fail, redirect, reset or stall.
final class CourierTest extends WithReceiver {

  @Test
  void theRequestMatchesTheReferenceByteForByte() {
    WebhookEndpoint endpoint =
        WebhookEndpoint.at(receiver.url())
            .withHeaders(Map.of("Authorization", new Secret("Bearer abc")));
    try (Post post = new Post(OPTIONS, TestNode.APP.withWebhooks(List.of(endpoint)))) {
      post.couriers.accept(
          List.of(
              new Fact(
                  TestNode.APP.withWebhooks(List.of(endpoint)),
                  new ChannelOccupied("test_channel"),
                  post.clock.instant().toEpochMilli(),
                  0)));
      Taken request = receiver.next();
      long timeMs = post.clock.instant().toEpochMilli();
      assertThat(request.lines().getFirst()).isEqualTo("POST /hook HTTP/1.1");
      assertThat(request.lines())
          .contains(
              "Content-Type: application/json",
              "X-Pusher-Key: 278d425bdf160c739803",
              "Authorization: Bearer abc");
      assertThat(request.body())
          .isEqualTo(
              "{\"time_ms\":"
                  + timeMs
                  + ",\"events\":[{\"name\":\"channel_occupied\",\"channel\":\"test_channel\"}]}");
      assertThat(request.header("X-Pusher-Signature"))
          .isEqualTo(TestNode.APP.secret().signature().sign(request.body()));
      eventually(() -> assertThat(post.outcomes.lines()).containsExactly("delivered 1 at 1"));
      assertThat(post.outcomes.accepted()).isEqualTo(1);
      assertThat(post.outbox.counts()).isEqualTo(new Counts(1, 1, 0, 0, 0));
    }
  }

  @Test
  void failuresRedirectsAndResetsAreRetriedWithTheSameBytes() {
    receiver.first(Manner.FAILS, Manner.REDIRECTS, Manner.RESETS);
    try (Post post = post()) {
      post.occupied("a");
      Taken first = receiver.next();
      for (int attempt = 2; attempt <= 4; attempt++) {
        Taken again = receiver.next();
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.lines().getFirst()).isEqualTo("POST /hook HTTP/1.1");
        assertThat(again.header("X-Pusher-Signature"))
            .isEqualTo(first.header("X-Pusher-Signature"));
      }
      eventually(() -> assertThat(post.outcomes.lines()).hasSize(4));
      assertThat(post.outcomes.lines())
          .startsWith("retried 1: answered 500", "retried 2: answered 302")
          .endsWith("delivered 1 at 4");
      assertThat(post.outcomes.lines().get(2)).startsWith("retried 3: the connection broke");
      assertThat(post.pauses).hasSize(3);
      assertThat(receiver.waiting()).isZero();
    }
  }

  /// The only test that waits in real time: a stall shows by its duration only.
  @Test
  void stalledRequestsAreAbortedAfterFourSeconds() {
    receiver.first(Manner.STALLS, Manner.STALLS_IN_THE_BODY);
    try (Post post = post()) {
      post.occupied("a");
      eventually(() ->
          assertThat(post.outcomes.lines())
              .containsExactly(
                  "retried 1: no complete answer within 4 s",
                  "retried 2: no complete answer within 4 s",
                  "delivered 1 at 3"));
    }
  }

  @Test
  void aResponseMayBeEmptyButNotEndless() {
    receiver.first(Manner.ANSWERS_WITHOUT_END, Manner.TAKES_WITH_NO_CONTENT);
    try (Post post = post()) {
      post.occupied("a");
      eventually(() -> assertThat(post.outcomes.lines()).containsExactly("delivered 1 at 1"));
      post.occupied("b");
      eventually(() -> assertThat(post.outcomes.lines()).hasSize(2));
      assertThat(post.outcomes.lines()).containsOnly("delivered 1 at 1");
    }
  }

  @Test
  void afterFiveMinutesAnEventIsADeadLetter() {
    receiver.always(Manner.FAILS);
    try (Post post = post()) {
      long start = post.clock.instant().toEpochMilli();
      post.occupied("a");
      eventually(() -> assertThat(post.outbox.counts().deadLetters()).isEqualTo(1));
      DeadLetter letter = post.outbox.deadLetters("1234", 0, 1).getFirst();
      assertThat(letter.reason()).isEqualTo("answered 500");
      assertThat(letter.attempts()).isEqualTo(post.pauses.size() + 1).isGreaterThanOrEqualTo(11);
      assertThat(letter.diedMs() - start).isEqualTo(296_000);
      eventually(() -> assertThat(post.outcomes.lines()).endsWith("dead 1: answered 500"));
    }
  }

  @Test
  void youngerEventsOfAnExpiredRequestGetANewOne() {
    receiver.first(Manner.IS_BUSY, Manner.IS_BUSY, Manner.IS_BUSY);
    try (Post post = post()) {
      long now = post.clock.instant().toEpochMilli();
      post.outbox.accept(List.of(draft(now - 294_000, "old"), draft(now, "young")));
      post.couriers.resume(Outboxes.pending(post.outbox));
      // At once, after about a second, and at the last possible moment, two seconds after the
      // first.
      for (int attempt = 1; attempt <= 3; attempt++) {
        assertThat(receiver.next().events())
            .containsExactly("channel_occupied old", "channel_occupied young");
      }
      Taken next = receiver.next();
      assertThat(next.events()).containsExactly("channel_occupied young");
      assertThat(next.body()).startsWith("{\"time_ms\":" + now + ",");
      eventually(() -> assertThat(post.outbox.counts()).isEqualTo(new Counts(2, 1, 1, 0, 1)));
    }
  }

  private Draft draft(long createdMs, String channel) {
    String event = "{\"name\":\"channel_occupied\",\"channel\":\"" + channel + "\"}";
    return new Draft("1234", receiver.url(), channel, createdMs, event);
  }

  @Test
  void eventsAreBatchedUpToALimit() {
    String[] channels = IntStream.range(0, 250).mapToObj(i -> "c" + i).toArray(String[]::new);
    try (Post post = post()) {
      post.occupied(channels);
      List<String> events = new ArrayList<>();
      while (events.size() < 250) {
        List<String> some = receiver.next().events();
        assertThat(some).hasSizeLessThanOrEqualTo(100);
        events.addAll(some);
      }
      assertThat(events)
          .isEqualTo(IntStream.range(0, 250).mapToObj(i -> "channel_occupied c" + i).toList());
      eventually(() -> assertThat(post.outcomes.lines()).hasSize(3));
    }
  }

  @Test
  void requestBodiesAreLimited() {
    App app = Post.app(receiver.url());
    String data = "x".repeat(10_240);
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      facts.add(new Fact(app, new ClientEvent("private-a", "client-e", data, "1.2", null), 0, 0));
    }
    try (Post post = new Post(OPTIONS, app)) {
      long now = post.clock.instant().toEpochMilli();
      post.couriers.accept(
          facts.stream().map(f -> new Fact(app, f.event(), now, f.atNs())).toList());
      for (int events = 0; events < 20; ) {
        Taken request = receiver.next();
        assertThat(request.body().length()).isLessThan(70_000);
        events += request.events().size();
      }
    }
  }

  @Test
  void withoutAWindowEveryEventHasASeparateRequest() {
    try (Post post = new Post(OPTIONS.withBatchWindowMilliseconds(0), Post.app(receiver.url()))) {
      post.occupied("a", "b", "c");
      for (String channel : List.of("a", "b", "c")) {
        assertThat(receiver.next().events()).containsExactly("channel_occupied " + channel);
      }
    }
  }

  @Test
  void aBusyEndpointGetsNoOtherRequestMeanwhile() {
    receiver.first(Manner.IS_BUSY, Manner.IS_BUSY);
    try (Post post = new Post(OPTIONS.withBatchWindowMilliseconds(0), Post.app(receiver.url()))) {
      post.occupied("a", "b");
      for (String channel : List.of("a", "a", "a", "b")) {
        assertThat(receiver.next().events()).containsExactly("channel_occupied " + channel);
      }
    }
  }

  @Test
  void deadAndStallingEndpointsDoNotDelayOthers() throws IOException {
    try (ClosedPort closed = new ClosedPort();
        Receiver slow = new Receiver().always(Manner.STALLS);
        Post post =
            new Post(
                    OPTIONS,
                    Post.app(
                        "http://127.0.0.1:" + closed.number() + "/", slow.url(), receiver.url()))
                .withEndlessPauses()) {
      for (int i = 0; i < 5; i++) {
        post.occupied("c" + i);
        assertThat(receiver.next().events()).containsExactly("channel_occupied c" + i);
      }
      eventually(() -> assertThat(post.outcomes.lines()).contains("retried 1: cannot connect"));
    }
  }

  @Test
  void aRequestNeverMixesAppsOrEndpoints() throws IOException {
    try (Receiver second = new Receiver()) {
      App one = Post.app(receiver.url(), second.url());
      App two =
          one.withId("2")
              .withKey("key2")
              .withSecret(new Secret("secret2"))
              .withWebhooks(List.of(WebhookEndpoint.at(receiver.url())));
      try (Post post = new Post(OPTIONS, one, two)) {
        for (int i = 0; i < 20; i++) {
          post.occupied(one, "one-" + i);
          post.occupied(two, "two-" + i);
        }
        assertThat(eventsByKey(receiver, 40))
            .containsOnlyKeys(one.key(), two.key())
            .allSatisfy((_, events) -> assertThat(events).hasSize(20))
            .hasEntrySatisfying(
                two.key(), events -> assertThat(events).allMatch(e -> e.contains(" two-")));
        assertThat(eventsByKey(second, 20)).containsOnlyKeys(one.key());
      }
    }
  }

  private static Map<String, List<String>> eventsByKey(Receiver receiver, int count) {
    Map<String, List<String>> byKey = new java.util.HashMap<>();
    for (int events = 0; events < count; ) {
      Taken request = receiver.next();
      String key = String.valueOf(request.header("X-Pusher-Key"));
      Secret secret = key.equals("key2") ? new Secret("secret2") : TestNode.APP.secret();
      assertThat(request.header("X-Pusher-Signature"))
          .isEqualTo(secret.signature().sign(request.body()));
      byKey.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(request.events());
      events += request.events().size();
    }
    return byKey;
  }

  @Test
  void theNewestAreDroppedWhenTooManyWait() {
    receiver.always(Manner.STALLS);
    try (Post post = new Post(OPTIONS.withMaxPendingEvents(2), Post.app(receiver.url()))) {
      post.occupied("a", "b", "c");
      assertThat(post.outcomes.lines())
          .containsExactly("dropped 1: 2 are waiting already (max_pending_events)");
      assertThat(post.outbox.counts().accepted()).isEqualTo(2);
      assertThat(receiver.next().events())
          .containsExactly("channel_occupied a", "channel_occupied b");
    }
  }

  @Test
  void eventsThatWerePendingInTheOutboxAreSentFirst() {
    try (Post post = post()) {
      long now = post.clock.instant().toEpochMilli();
      Draft orphan = draft(now, "orphan");
      post.outbox.accept(
          List.of(
              draft(now - 400_000, "old"),
              draft(now - 1_000, "kept"),
              new Draft("1234", "http://gone/", "c", now, orphan.event()),
              new Draft("99", receiver.url(), "c", now, orphan.event())));
      post.couriers.resume(Outboxes.pending(post.outbox));
      post.occupied("new");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied kept");
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied new");
      assertThat(post.outcomes.lines())
          .contains(
              "dead 1: older than five minutes when its turn came",
              "dead 1: the endpoint is no longer configured");
      assertThat(post.outbox.deadLetters("99", 0, 9)).hasSize(1);
      assertThat(post.outbox.deadLetters("1234", 0, 9))
          .extracting(letter -> letter.entry().draft().channel())
          .containsExactlyInAnyOrder("old", "c");
    }
  }

  @Test
  void atShutdownAcceptedEventsAreSentAndTheRestIsKept() {
    Post post = post();
    post.occupied("a", "b");
    post.couriers.end();
    post.couriers.join(Duration.ofSeconds(10));
    assertThat(post.outbox.counts()).isEqualTo(new Counts(2, 2, 0, 0, 0));
    post.close();

    receiver.always(Manner.FAILS);
    Post failing = post().withEndlessPauses();
    failing.occupied("a", "b");
    failing.couriers.end();
    failing.couriers.join(Duration.ofSeconds(10));
    assertThat(Outboxes.pending(failing.outbox)).hasSize(2);
    failing.close();
  }
}
