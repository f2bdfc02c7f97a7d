package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Subscribing and unsubscribing (sections 2.1 to 2.9).
final class SubscriptionsTest {

  private static final App APP = TestNode.APP;

  @Test
  void aSecondSubscriptionIsAnErrorAndTheFirstStays() throws IOException {
    try (TestNode node = TestNode.start();
        Api api = new Api(node);
        RawSocket socket = node.connect()) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_count");
      socket.subscribe("a");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":"
                  + "\"Existing subscription to channel a\"}}");
      api.publish("a", "e", "1");
      assertThat(socket.nextText()).contains("\"e\"");
      socket.expectNothing();
    }
  }

  /// The Java client would try to decrypt the error, and its app would crash.
  @Test
  void errorsOfEncryptedChannelsDoNotNameThem() throws IOException {
    String channel = "private-encrypted-a";
    try (TestNode node = TestNode.start();
        RawSocket socket = node.connect()) {
      String subscribe =
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\",\"auth\":\"%s:%s\"}}";
      socket.sendText(subscribe.formatted(channel, APP.key(), "00"));
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"Invalid signature:"
                  + " Expected HMAC SHA256 hex digest of "
                  + socket.socketId()
                  + ":private-encrypted-a, but got 00\"}}");
      socket.expectNothing();
      String signed =
          APP.secret().signature().sign(Signature.subscription(socket.socketId(), channel, null));
      socket.sendText(subscribe.formatted(channel, APP.key(), signed));
      assertThat(socket.nextText()).contains("subscription_succeeded");
      socket.sendText(subscribe.formatted(channel, APP.key(), signed));
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":"
                  + "\"Existing subscription to channel private-encrypted-a\"}}");
      socket.expectNothing();
    }
  }

  @Test
  void afterUnsubscribingNoEventArrivesAndRepeatingItIsAnError() throws IOException {
    try (TestNode node = TestNode.start();
        Api api = new Api(node);
        RawSocket socket = node.connect()) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_count");
      socket.unsubscribe("a");
      socket.expectNothing();
      api.publish("a", "e", "1");
      socket.expectNothing();
      socket.unsubscribe("a");
      assertThat(socket.nextText())
          .contains("No current subscription to channel a, or subscription in progress");
    }
  }

  @Test
  void privateChannelDataIsPartOfTheSignature() throws IOException {
    try (TestNode node = TestNode.start();
        RawSocket socket = node.connect()) {
      String signed =
          APP.secret()
              .signature()
              .sign(Signature.subscription(socket.socketId(), "private-a", "extra"));
      String data =
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-a\",\"auth\":\""
              + APP.key()
              + ":"
              + signed
              + "\"";
      socket.sendText(data + "}}");
      assertThat(socket.nextText()).contains("subscription_error");
      assertThat(socket.nextText())
          .contains(
              "Invalid signature: Expected HMAC SHA256 hex digest of "
                  + socket.socketId()
                  + ":private-a, but got "
                  + signed);
      socket.sendText(data + ",\"channel_data\":\"extra\"}}");
      assertThat(socket.nextText()).contains("subscription_succeeded");
    }
  }

  @Test
  void invalidNamesAreRefusedInBothForms() throws IOException {
    try (TestNode node = TestNode.start();
        RawSocket socket = node.connect()) {
      for (String name : List.of("", "a b", "#private", "#server-to-user-", "ü")) {
        socket.subscribe(name);
        assertThat(socket.nextText()).contains("InvalidChannel", "\\\"status\\\":400");
        assertThat(socket.nextText()).contains("\"pusher:error\"", "Invalid channel name");
      }
      socket.subscribe("n".repeat(201));
      assertThat(socket.nextText()).contains("it has 201 characters, the limit is 200");
    }
  }

  @Test
  void subscriptionsPerConnectionAreLimited() throws IOException {
    App limited = Apps.with(APP, limits -> limits.withMaxSubscriptions(1));
    try (TestNode node = TestNode.start(limited);
        RawSocket socket = node.connect()) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_count");
      socket.subscribe("b");
      assertThat(socket.nextText())
          .contains(
              "LimitReached",
              "\\\"status\\\":403",
              "This connection has 1 subscriptions, the limit is 1 (max_subscriptions)");
    }
  }

  @Test
  @Tag("one-node")
  void smallChannelsAreCountedEveryQuarterOfASecond() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode node = TestNode.start(clock, APP);
        RawSocket first = node.connect();
        RawSocket other = node.connect()) {
      first.subscribe("small");
      assertThat(first.nextText()).contains("subscription_succeeded");
      assertThat(first.nextText()).as("at once").contains("{\\\"subscription_count\\\":1}");
      for (int i = 0; i < 50; i++) {
        join(other, "small");
        other.unsubscribe("small");
      }
      join(other, "small");
      first.expectNothing();
      clock.advance(Duration.ofMillis(250));
      assertThat(first.nextText()).contains("{\\\"subscription_count\\\":2}");
      clock.advance(Duration.ofMillis(250));
      other.unsubscribe("small");
      assertThat(first.nextText()).as("at once").contains("{\\\"subscription_count\\\":1}");
      first.expectNothing();
    }
  }

  private static void join(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    assertThat(socket.nextText()).contains("subscription_succeeded");
  }

  @Test
  void largeChannelsAreCountedEveryFiveSeconds() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode node = TestNode.start(clock, APP);
        RawSocket first = node.connect()) {
      join(first, "big");
      first.nextTextContaining("{\\\"subscription_count\\\":1}");
      List<RawSocket> others = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        RawSocket other = node.connect();
        other.subscribe("big");
        other.nextTextContaining("subscription_succeeded");
        others.add(other);
      }
      clock.advance(Duration.ofMillis(4_999));
      first.expectNothing();
      clock.advance(Duration.ofMillis(1));
      assertThat(first.nextText()).contains("{\\\"subscription_count\\\":151}");
      first.expectNothing();
      for (RawSocket other : others) {
        other.close();
      }
    }
  }
}
