package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.channel.Channel;
import com.pusher.client.channel.PusherEvent;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Public channels: subscribing, events, unsubscribing.
@BothJavaClients
final class PublicChannelTest {

  @Test
  void anEventArrivesWithNameChannelAndData() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      Channel channel = device.pusher().subscribe("news");
      Inbox<PusherEvent> events = new Inbox<>("headlines");
      channel.bind("headline", events::add);
      device.subscribed("marker");
      assertThat(channel.isSubscribed()).isTrue();
      backend.publish("news", "headline", Map.of("text", "Grüße ✓ 😀"));
      PusherEvent event = events.next();
      assertThat(event.getChannelName()).isEqualTo("news");
      assertThat(event.getEventName()).isEqualTo("headline");
      assertThat(event.getData()).isEqualTo("{\"text\":\"Grüße ✓ 😀\"}");
      assertThat(event.getUserId()).isNull();
    }
  }

  @Test
  void dataArrivesUnchangedEvenIfItIsNotJson() throws IOException {
    try (TestNode node = TestNode.start();
        Api api = new Api(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "raw");
      api.publish("news", "raw", "{ \\\"b\\\": 1.0, \\\"a\\\" : 1e2 }");
      api.publish("news", "raw", "not json");
      api.publish("news", "raw", "");
      assertThat(news.next()).isEqualTo("raw: { \"b\": 1.0, \"a\" : 1e2 }");
      assertThat(news.next()).isEqualTo("raw: not json");
      assertThat(news.next()).isEqualTo("raw: ");
    }
  }

  @Test
  void onlyBoundEventsAreReceived() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "headline", "weather");
      Channel channel = device.pusher().getChannel("news");
      backend.publish("news", "headline", 1);
      backend.publish("news", "sports", 2);
      backend.publish("news", "weather", 3);
      assertThat(news.next()).isEqualTo("headline: 1");
      assertThat(news.next()).isEqualTo("weather: 3");
      channel.unbind("headline", news);
      backend.publish("news", "headline", 4);
      backend.publish("news", "weather", 5);
      assertThat(news.next()).isEqualTo("weather: 5");
    }
  }

  @Test
  @Tag("one-node")
  void aClientGetsNothingAfterUnsubscribing() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "headline");
      device.pusher().unsubscribe("news");
      device.subscribed("marker");
      assertThat(backend.sdk().get("/channels/news").getMessage())
          .isEqualTo("{\"occupied\":false}");
      backend.publish("news", "headline", "missed");
      ChannelLog again = device.subscribed("news", "headline");
      backend.publish("news", "headline", "heard");
      assertThat(again.next()).isEqualTo("headline: \"heard\"");
      assertThat(news.count()).as("lines of the first subscription").isEqualTo(1);
    }
  }

  @Test
  void aChannelMayBeSubscribedToBeforeThereIsAConnection() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = new Device(node.app().key(), Device.options(node.port()))) {
      ChannelLog news = device.subscribe("news", "headline");
      device.connect();
      news.awaitSubscribed();
      backend.publish("news", "headline", "first");
      assertThat(news.next()).isEqualTo("headline: \"first\"");
    }
  }

  @Test
  void manyEventsArriveInOrder() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "tick");
      for (int i = 0; i < 100; i++) {
        backend.publish("news", "tick", i);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(news.next()).isEqualTo("tick: " + i);
      }
    }
  }
}
