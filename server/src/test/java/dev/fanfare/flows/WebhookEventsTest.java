package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The webhooks (section 7) that clients cause when they join, leave and send events.
@Tag("one-node")
final class WebhookEventsTest {

  private static final WebhookOptions AT_ONCE = WebhookOptions.DEFAULTS.withHoldBackSeconds(0);

  private final ManualClock clock = new ManualClock();
  private Receiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  private App app() {
    return TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(receiver.url())));
  }

  /// An app whose endpoint receives these kinds only.
  private App app(WebhookEvent.Type... types) {
    WebhookEndpoint endpoint = WebhookEndpoint.at(receiver.url()).withEvents(Set.of(types));
    return TestNode.APP.withWebhooks(List.of(endpoint));
  }

  private static TestNode atOnce(App app) {
    return TestNode.start(AT_ONCE, app);
  }

  private TestNode holdingBack(App app) {
    return TestNode.start(TestNode.PARTS, clock.withSystemTime(), ServerListener.NONE, app);
  }

  private void expect(String... events) {
    for (String event : events) {
      assertThat(receiver.nextEvent()).isEqualTo(event);
    }
  }

  @Test
  void aPublicChannelIsOccupiedCountedAndVacated() throws IOException {
    PartOptions options = TestNode.PARTS.withWebhooks(AT_ONCE);
    try (TestNode node =
        TestNode.start(options, clock.withSystemTime(), ServerListener.NONE, app())) {
      try (RawSocket first = node.connect();
          RawSocket second = node.connect()) {
        first.subscribe("a");
        expect("channel_occupied a", "subscription_count a 1");
        second.subscribe("a");
        second.nextTextContaining("subscription_succeeded");
        clock.advance(Duration.ofMillis(250));
        expect("subscription_count a 2");
      }
      expect("subscription_count a 0", "channel_vacated a");
    }
  }

  @Test
  void aPresenceChannelReportsEachUserOnce() throws IOException {
    try (TestNode node = atOnce(app())) {
      try (RawSocket phone = node.connect();
          RawSocket tablet = node.connect()) {
        phone.subscribePresence(node.app(), "presence-a", "{\"user_id\":10}");
        expect("channel_occupied presence-a", "member_added presence-a 10");
        tablet.subscribePresence(node.app(), "presence-a", "{\"user_id\":\"10\"}");
        tablet.nextTextContaining("subscription_succeeded");
        try (RawSocket other = node.connect()) {
          other.subscribePresence(node.app(), "presence-a", "{\"user_id\":\"b\"}");
          expect("member_added presence-a b");
        }
        expect("member_removed presence-a b");
      }
      expect("member_removed presence-a 10", "channel_vacated presence-a");
    }
  }

  @Test
  void aClientEventIsReportedAsOthersReceiveIt() throws IOException {
    try (TestNode node = atOnce(app(WebhookEvent.Type.CLIENT_EVENT));
        RawSocket sender = node.connect()) {
      sender.subscribePresence(node.app(), "presence-a", "{\"user_id\":10}");
      sender.trigger("presence-a", "client-typing", "{\"a\":1}");
      assertThat(receiver.next().body())
          .endsWith(
              "\"events\":[{\"name\":\"client_event\",\"channel\":\"presence-a\","
                  + "\"event\":\"client-typing\",\"data\":\"{\\\"a\\\":1}\",\"socket_id\":\""
                  + sender.socketId()
                  + "\",\"user_id\":\"10\"}]}");
      sender.subscribePrivate(node.app(), "private-a");
      sender.trigger("private-a", "client-typing", "\"x\"");
      assertThat(receiver.next().body())
          .endsWith(
              "\"events\":[{\"name\":\"client_event\",\"channel\":\"private-a\","
                  + "\"event\":\"client-typing\",\"data\":\"x\",\"socket_id\":\""
                  + sender.socketId()
                  + "\"}]}");
    }
  }

  @Test
  void invariant15_theContentTypeIsExactAndDataAString() throws IOException {
    try (TestNode node = atOnce(app(WebhookEvent.Type.CLIENT_EVENT));
        RawSocket sender = node.connect()) {
      sender.subscribePrivate(node.app(), "private-i15");
      sender.trigger("private-i15", "client-e", "{\"a\":[1,null]}");
      Receiver.Taken request = receiver.next();
      assertThat(request.lines())
          .filteredOn(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type"))
          .containsExactly("Content-Type: application/json");
      assertThat(request.body()).contains("\"data\":\"{\\\"a\\\":[1,null]}\"");
    }
  }

  @Test
  void anEmptyCacheIsReportedOnceUntilTheNextPublish() throws IOException {
    App app = app(WebhookEvent.Type.CACHE_MISS);
    try (TestNode node = TestNode.start(clock, app);
        Api api = new Api(node);
        RawSocket first = node.connect();
        RawSocket second = node.connect();
        RawSocket third = node.connect()) {
      first.subscribe("cache-a");
      second.subscribe("cache-a");
      second.nextTextContaining("cache_miss");
      expect("cache_miss cache-a");
      api.publish("cache-a", "e", "1");
      clock.advance(Duration.ofMinutes(30));
      third.subscribe("cache-a");
      expect("cache_miss cache-a");
      first.subscribe("cache-b");
      expect("cache_miss cache-b");
    }
  }

  @Test
  void aPageReloadRaisesNoWebhook() throws IOException {
    App app =
        app(
            WebhookEvent.Type.CHANNEL_OCCUPIED,
            WebhookEvent.Type.CHANNEL_VACATED,
            WebhookEvent.Type.MEMBER_ADDED,
            WebhookEvent.Type.MEMBER_REMOVED);
    try (TestNode node = holdingBack(app)) {
      try (RawSocket page = node.connect()) {
        page.subscribePresence(app, "presence-a", "{\"user_id\":\"10\"}");
        expect("channel_occupied presence-a", "member_added presence-a 10");
      }
      try (Api api = new Api(node);
          RawSocket again = node.connect()) {
        await().until(() -> !api.get("/channels", "").body().contains("presence-a"));
        again.subscribePresence(app, "presence-a", "{\"user_id\":\"10\"}");
        again.nextTextContaining("subscription_succeeded");
        clock.advance(Duration.ofSeconds(10));
        again.subscribe("b");
        expect("channel_occupied b");
      }
    }
    expect("member_removed presence-a 10", "channel_vacated presence-a", "channel_vacated b");
  }

  @Test
  void eventsAreFilteredByKindAndByChannel() throws IOException {
    ChannelFilter news = ChannelFilter.ALL.withPrefix("news-").withSuffix("-en");
    try (Receiver all = new Receiver()) {
      App app =
          TestNode.APP.withWebhooks(
              List.of(
                  WebhookEndpoint.at(receiver.url())
                      .withChannels(news)
                      .withEvents(Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED)),
                  WebhookEndpoint.at(all.url())
                      .withEvents(Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED))));
      try (TestNode node = atOnce(app);
          RawSocket socket = node.connect()) {
        for (String channel : List.of("news-1-de", "news-2-en", "other-en", "news-3-en")) {
          socket.subscribe(channel);
          assertThat(all.nextEvent()).isEqualTo("channel_occupied " + channel);
        }
        expect("channel_occupied news-2-en", "channel_occupied news-3-en");
      }
    }
  }

  @Test
  void aUserChannelRaisesNoWebhook() throws IOException {
    try (TestNode node = atOnce(app(WebhookEvent.Type.CHANNEL_OCCUPIED));
        RawSocket socket = node.connect()) {
      socket.signIn(node.app(), "{\"id\":\"10\"}");
      socket.nextTextContaining("signin_success");
      socket.subscribe("#server-to-user-10");
      socket.nextTextContaining("subscription_succeeded");
      socket.subscribe("a");
      expect("channel_occupied a");
    }
  }

  @Test
  void aShutdownReportsThatAllClientsLeft() throws IOException {
    TestNode node = holdingBack(app(WebhookEvent.Type.CHANNEL_VACATED));
    try (RawSocket socket = node.connect()) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_succeeded");
      node.close();
      expect("channel_vacated a");
    }
  }

  @Test
  void aReplayedDeadLetterIsSentAtOnce() throws IOException {
    Outbox outbox = Outboxes.inMemory(10);
    Draft draft =
        new Draft(
            "1234", receiver.url(), "a", 1_000, "{\"name\":\"cache_miss\",\"channel\":\"a\"}");
    outbox.dead(outbox.accept(List.of(draft)), 2_000, "answered 500");
    try (TestNode node = TestNode.start(outbox, app());
        Api api = new Api(node)) {
      assertThat(api.post("/webhooks/1/replay", "").statusCode()).isEqualTo(200);
      expect("cache_miss a");
      await().until(() -> outbox.counts().delivered() == 1);
    }
  }

  @Test
  void aStalledReceiverDelaysNoClient() throws IOException {
    receiver.always(Manner.STALLS);
    try (TestNode node = atOnce(app());
        Api api = new Api(node);
        RawSocket socket = node.connect()) {
      socket.subscribe("a");
      assertThat(receiver.next().events()).contains("channel_occupied a");
      // That request is never answered. All others are.
      for (int i = 0; i < 100; i++) {
        api.publish("a", "e", String.valueOf(i));
        socket.nextTextContaining("\"data\":\"" + i + "\"");
      }
      assertThat(receiver.waiting()).isZero();
    }
  }
}
