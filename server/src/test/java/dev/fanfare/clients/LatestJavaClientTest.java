package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.channel.Channel;
import com.pusher.client.channel.PusherEvent;
import com.pusher.client.util.HttpChannelAuthorizer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What only the current client passes to the app: events of the protocol itself, and global
/// listeners.
@ExtendWith(CrashGuard.class)
final class LatestJavaClientTest {

  @Test
  void anEmptyCacheIsAMiss() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node, backend, "anna")) {
      ChannelLog car = device.subscribed("cache-car", "pusher:cache_miss");
      assertThat(car.next()).isEqualTo("pusher:cache_miss: {}");
      ChannelLog diary = device.subscribed("private-encrypted-cache-diary", "pusher:cache_miss");
      assertThat(diary.next()).isEqualTo("pusher:cache_miss: {}");
    }
  }

  @Test
  void theSubscriptionCountIsReceived() throws IOException {
    try (TestNode node = TestNode.start();
        Device anna = Device.connected(node);
        Device ben = Device.connected(node)) {
      ChannelLog annas = anna.subscribed("news", "pusher:subscription_count");
      assertThat(annas.next()).isEqualTo("pusher:subscription_count: {\"subscription_count\":1}");
      ben.subscribed("news");
      assertThat(annas.next()).isEqualTo("pusher:subscription_count: {\"subscription_count\":2}");
      ben.disconnect();
      assertThat(annas.next()).isEqualTo("pusher:subscription_count: {\"subscription_count\":1}");
    }
  }

  @Test
  void aRefusedSubscriptionIsReportedOnTheChannelToo() {
    try (TestNode node = TestNode.start();
        Device device =
            new Device(
                node.app().key(),
                Device.options(node.port())
                    .setChannelAuthorizer((_, _) -> "{\"auth\":\"another-key:0123abcd\"}"))) {
      device.connect();
      ChannelLog room = device.subscribe("private-room", "pusher:subscription_error");
      assertThat(room.next())
          .startsWith("pusher:subscription_error: {\"type\":\"AuthError\"")
          .contains("Invalid key in subscription auth data: 'another-key'", "\"status\":401");
    }
  }

  @Test
  void aGlobalListenerReceivesEveryEvent() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      device.subscribed("news");
      Channel news = device.pusher().getChannel("news");
      Inbox<PusherEvent> heard = new Inbox<>("all events");
      news.bindGlobal(heard::add);
      backend.publish("news", "headline", 1);
      backend.publish("news", "weather", 2);
      heard.next("a headline", Inbox.PATIENCE, e -> e.getEventName().equals("headline"));
      assertThat(heard.next().getEventName()).isEqualTo("weather");
    }
  }

  @Test
  void theChannelAuthorizerAuthorizesClients() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node)) {
      HttpChannelAuthorizer authorizer = new HttpChannelAuthorizer(backend.authUrl());
      authorizer.setHeaders(Map.of("Authorization", Backend.bearer("anna")));
      try (Device anna =
          new Device(
              node.app().key(), Device.options(node.port()).setChannelAuthorizer(authorizer))) {
        anna.connect();
        ChannelLog room = anna.subscribe("presence-room");
        assertThat(room.next()).isEqualTo("members [anna]");
        assertThat(backend.requests().next()).isEqualTo("form presence-room by anna");
      }
    }
  }
}
