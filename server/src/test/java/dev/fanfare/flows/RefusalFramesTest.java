package dev.fanfare.flows;

import static dev.fanfare.flows.ErrorFrames.error;
import static dev.fanfare.flows.ErrorFrames.subscriptionError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Excerpt;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The frames that refuse a subscription, byte for byte. [RefusedMessagesTest] has those that
/// refuse other messages.
final class RefusalFramesTest {

  private static final App APP =
      TestNode.APP
          .withOptions(TestNode.APP.options().withSubscriptionCounts(false))
          .withLimits(Limits.HOSTED.withMaxSubscriptions(3).withMaxPresenceMembers(1));

  /// Stands for the connection's socket id in the tables below.
  private static final String ID = "SOCKET_ID";

  private static TestNode node;
  private static RawSocket firstMember;

  @BeforeAll
  static void start() throws IOException {
    node = TestNode.start(APP);
    firstMember = node.connect();
    firstMember.subscribePresence(APP, "presence-full", "{\"user_id\":\"first\"}");
    firstMember.nextTextContaining("subscription_succeeded");
  }

  @AfterAll
  static void stop() throws IOException {
    firstMember.close();
    node.close();
  }

  /// Channel, auth, channel data; then type, status and text of the refusal.
  static Stream<Arguments> refusedSubscriptions() {
    String key = APP.key();
    String name200 = "x".repeat(200);
    return Stream.of(
        arguments("", null, null, "InvalidChannel", 400, "Invalid channel name: it is empty"),
        arguments(
            "a b",
            null,
            null,
            "InvalidChannel",
            400,
            "Invalid channel name 'a b': allowed are letters, digits and _ - = @ , . ;"),
        arguments(
            name200 + "y",
            null,
            null,
            "InvalidChannel",
            400,
            "Invalid channel name: it has 201 characters, the limit is 200"
                + " (max_channel_name_chars)"),
        arguments(
            "private-a",
            null,
            null,
            "AuthError",
            401,
            "Auth info required to subscribe to private-a"),
        arguments(
            "private-a",
            "",
            null,
            "AuthError",
            401,
            "Auth info required to subscribe to private-a"),
        arguments(
            "private-a",
            "no-colon",
            null,
            "AuthError",
            401,
            "Auth value for subscription to private-a is invalid: should be of format"
                + " 'key:signature'"),
        arguments(
            "private-a",
            "other:00",
            null,
            "AuthError",
            401,
            "Invalid key in subscription auth data: 'other'"),
        arguments(
            "private-a",
            key + ":00",
            null,
            "AuthError",
            401,
            "Invalid signature: Expected HMAC SHA256 hex digest of "
                + ID
                + ":private-a, but got 00"),
        arguments(
            "#server-to-user-anna",
            "",
            null,
            "AuthError",
            401,
            "The connection is not signed in as the user of #server-to-user-anna"),
        arguments(
            "presence-full",
            null,
            "anna",
            "InvalidData",
            400,
            "channel_data is invalid: Invalid JSON: Unrecognized token 'anna': was expecting (JSON"
                + " String, Number, Array, Object or token 'null', 'true' or 'false')"),
        arguments(
            "presence-full",
            null,
            "{\"user_id\":\"2\",\"user_info\":[]}",
            "InvalidData",
            400,
            "channel_data is invalid: user_info supplied to presence subscription is invalid - if"
                + " supplied it must be a type of hash"),
        arguments(
            "presence-full",
            null,
            "{\"user_id\":\"2\"}",
            "LimitReached",
            403,
            "Presence channel presence-full is full: it has 1 members, the limit is 1"
                + " (max_presence_members)"));
  }

  @ParameterizedTest
  @MethodSource("refusedSubscriptions")
  void aRefusedSubscriptionIsReportedOnItsChannelAndAsAnError(
      String channel,
      @Nullable String auth,
      @Nullable String channelData,
      String type,
      int status,
      String text)
      throws IOException {
    try (RawSocket socket = node.connect()) {
      String signed =
          channelData == null
              ? auth
              : auth(Signature.subscription(socket.socketId(), channel, channelData));
      socket.sendText(subscribe(channel, signed, channelData));
      String error = text.replace(ID, socket.socketId());
      assertThat(socket.nextText()).isEqualTo(subscriptionError(channel, type, error, status));
      assertThat(socket.nextText()).isEqualTo(error("null", error));
      socket.expectNothing();
    }
  }

  static Stream<Arguments> wrongTypes() {
    String number = "Expected parameter auth to be a string";
    String object = "Expected parameter channel_data to be a string";
    return Stream.of(
        arguments("private-a", "\"auth\":5", "AuthError", 401, number),
        arguments("presence-a", "\"auth\":{}", "AuthError", 401, number),
        arguments("presence-a", "\"channel_data\":{\"user_id\":1}", "InvalidData", 400, object),
        arguments("private-a", "\"channel_data\":[]", "InvalidData", 400, object),
        arguments("a b", "\"auth\":5", "InvalidChannel", 400, "Invalid channel name 'a b':"));
  }

  @ParameterizedTest
  @MethodSource("wrongTypes")
  void aFieldOfTheWrongTypeIsRefusedLikeAWrongValue(
      String channel, String field, String type, int status, String text) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
              + channel
              + "\","
              + field
              + "}}");
      String whole =
          type.equals("InvalidChannel")
              ? text + " allowed are letters, digits and _ - = @ , . ;"
              : text;
      assertThat(socket.nextText()).isEqualTo(subscriptionError(channel, type, whole, status));
      assertThat(socket.nextText()).isEqualTo(error("null", whole));
      // The same connection may try again.
      socket.subscribe("public");
      assertThat(socket.nextText()).contains("subscription_succeeded");
    }
  }

  /// A public channel ignores `auth`, whatever it is.
  @Test
  void aPublicSubscriptionWithANumberAsAuthSucceeds() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\",\"auth\":5}}");
      assertThat(socket.nextText()).contains("subscription_succeeded");
    }
  }

  /// The Java client would try to decrypt a frame that names the channel.
  @Test
  void aRefusedEncryptedSubscriptionIsReportedAsAnErrorOnly() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText(subscribe("private-encrypted-a", null, null));
      assertThat(socket.nextText())
          .isEqualTo(error("null", "Auth info required to subscribe to private-encrypted-a"));
      socket.expectNothing();
    }
  }

  @Test
  void aSubscriptionAboveTheLimitAndASecondOneAreRefused() throws IOException {
    try (RawSocket socket = node.connect()) {
      for (String channel : List.of("a", "b", "c")) {
        socket.subscribe(channel);
        assertThat(socket.nextText()).contains("subscription_succeeded");
      }
      socket.subscribe("a");
      assertThat(socket.nextText()).isEqualTo(error("null", "Existing subscription to channel a"));
      socket.subscribe("d");
      String full = "This connection has 3 subscriptions, the limit is 3 (max_subscriptions)";
      assertThat(socket.nextText()).isEqualTo(subscriptionError("d", "LimitReached", full, 403));
      assertThat(socket.nextText()).isEqualTo(error("null", full));
      socket.expectNothing();
    }
  }

  /// What a client sends in vain is not sent back in full, twice, at any length.
  @Test
  void refusalsRepeatOnlyTheBeginningOfLongTexts() throws IOException {
    String data = "d".repeat(100_000);
    String name = "n".repeat(100_000);
    String hex = "0".repeat(64);
    // With the default limits, the message would be refused for its size.
    App app = APP.withLimits(APP.limits().withMaxPresenceMemberBytes(20_000));
    try (TestNode generous = TestNode.start(app);
        RawSocket socket = generous.connect()) {
      String start = socket.socketId() + ":private-a:";
      String shown = start + data.substring(start.length(), Excerpt.MAX_CHARS) + "…";
      String forged =
          "Invalid signature: Expected HMAC SHA256 hex digest of " + shown + ", but got " + hex;
      socket.sendText(subscribe("private-a", APP.key() + ":" + hex, data));
      assertThat(socket.nextText()).contains("subscription_error").contains(shown);
      assertThat(socket.nextText()).isEqualTo(error("null", forged));
      socket.sendText(subscribe(name, null, null));
      assertThat(socket.nextText())
          .isEqualTo(
              error(
                  "null",
                  "Invalid channel name: it has 100000 characters, the limit is 200"
                      + " (max_channel_name_chars)"));
      socket.unsubscribe(name);
      assertThat(socket.nextText()).hasSizeLessThan(2_200).contains("n…, or subscription in");
      socket.expectNothing();
    }
  }

  /// Such a message is read only as far as its event, and the connection stays.
  @Test
  void messagesTooLargeForTheirEventAreRefused() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText(subscribe("private-a", "auth", "d".repeat(30_000)));
      assertThat(socket.nextText())
          .isEqualTo(
              error(
                  "null",
                  "The message has 30091 bytes, the limit for its event is 27200 (follows from"
                      + " max_presence_member_bytes)"));
      socket.subscribe("private-a");
      assertThat(socket.nextText()).contains("Auth info required");
    }
  }

  /// Data that is no string is copied only up to the limit, so its size is not known.
  @Test
  void dataThatIsNoStringAndTooLongIsRefused() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribePrivate(APP, "private-long");
      assertThat(socket.nextText()).contains("subscription_succeeded");
      socket.trigger("private-long", "client-e", "[\"" + "d".repeat(20_000) + "\"]");
      assertThat(socket.nextText())
          .isEqualTo(
              error(
                  "null",
                  "Client event rejected: its data has more than 10240 bytes, the limit is 10240"
                      + " (max_event_bytes)"));
    }
  }

  private static String auth(String toSign) {
    return APP.key() + ":" + APP.secret().signature().sign(toSign);
  }

  private static String subscribe(
      String channel, @Nullable String auth, @Nullable String channelData) {
    Json.Writer out = Json.object().field("event", "pusher:subscribe").startObject("data");
    out.field("channel", channel);
    if (auth != null) {
      out.field("auth", auth);
    }
    if (channelData != null) {
      out.field("channel_data", channelData);
    }
    return out.endObject().text();
  }
}
