package dev.fanfare.flows;

import static dev.fanfare.flows.ErrorFrames.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The frames that refuse sign-ins, client events and other messages, byte for byte.
/// [RefusalFramesTest] has those that refuse subscriptions.
final class RefusedMessagesTest {

  private static final App APP =
      TestNode.APP
          .withOptions(TestNode.APP.options().withSubscriptionCounts(false))
          .withLimits(Limits.HOSTED.withMaxClientEventsPerSecond(1).withMaxWatchlist(1));

  private static final String CLIENT_EVENTS_OFF =
      "To send client events, you must enable this feature in the Settings page of your dashboard."
          + " (here: client_events of the app, FANFARE_APP_CLIENT_EVENTS)";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(APP);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                             | Expected parameter data to be a hash
          {"auth":"K:S"}                 | Invalid signin: data must contain auth and user_data
          {"auth":"K:S","user_data":{}}  | Expected parameter user_data to be a string
          {"auth":7,"user_data":"{}"}    | Expected parameter auth to be a string
          """)
  void aSignInWithABadFieldIsRefusedWith4009(String data, String text) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText("{\"event\":\"pusher:signin\",\"data\":" + data + "}");
      assertThat(socket.nextText()).isEqualTo(error("4009", text));
      socket.expectNothing();
    }
  }

  static Stream<Arguments> refusedMessages() {
    String longName = "client-" + "e".repeat(194);
    return Stream.of(
        arguments("", "Expected a JSON object"),
        arguments("{}", "Invalid message: it has no event"),
        arguments(
            "{\"event\":\"pusher:nonsense\"}",
            "Unsupported event received on socket: 'pusher:nonsense'"),
        arguments(
            "{\"event\":\"pusher:subscribe\",\"data\":[]}", "Expected parameter data to be a hash"),
        arguments(
            "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"gone\"}}",
            "No current subscription to channel gone, or subscription in progress"),
        arguments(
            clientEvent("client-e", "private-gone", "1"),
            "Cannot broadcast client event (connection not subscribed to channel private-gone)"),
        arguments(
            clientEvent("client-e", "public", "1"),
            "Client event rejected - only supported on private and presence channels"),
        arguments(
            clientEvent("client-e", "private-encrypted-a", "1"),
            "Client event rejected - not supported on encrypted channels"),
        arguments(
            clientEvent(longName, "private-a", "1"),
            "Client event rejected: its name has 201 characters, the limit is 200"
                + " (max_event_name_chars)"),
        arguments(
            clientEvent("client-e", "private-a", "\"" + "x".repeat(10_241) + "\""),
            "Client event rejected: its data has 10241 bytes, the limit is 10240"
                + " (max_event_bytes)"),
        arguments(
            "{\"event\":\"client-e\",\"channel\":\"private-a\"}",
            "Invalid client event (must contain channel and data)"));
  }

  @ParameterizedTest
  @MethodSource("refusedMessages")
  void anyOtherRefusalIsAnErrorWithoutCode(String message, String text) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribe("public");
      socket.subscribePrivate(APP, "private-a");
      socket.subscribePrivate(APP, "private-encrypted-a");
      for (int i = 0; i < 3; i++) {
        assertThat(socket.nextText()).contains("subscription_succeeded");
      }
      socket.sendText(message);
      assertThat(socket.nextText()).isEqualTo(error("null", text));
      socket.expectNothing();
    }
  }

  @Test
  void clientEventsThatAreOffAreRefusedWithTheSetting() throws IOException {
    App off = APP.withOptions(APP.options().withClientEvents(false));
    try (TestNode quiet = TestNode.start(off);
        RawSocket socket = quiet.connect()) {
      socket.sendText(clientEvent("client-e", "private-a", "1"));
      assertThat(socket.nextText()).isEqualTo(error("null", CLIENT_EVENTS_OFF));
    }
  }

  @Test
  void refusalsWithACodeCarryItAsANumber() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribePrivate(APP, "private-a");
      socket.nextText();
      socket.sendText(clientEvent("client-e", "private-a", "1"));
      socket.sendText(clientEvent("client-e", "private-a", "1"));
      assertThat(socket.nextText())
          .isEqualTo(
              error(
                  "4301",
                  "Client event rejected due to rate limit: 0 of 1 per second are left"
                      + " (max_client_events_per_second)"));
      socket.signIn(APP, "{\"id\":\"a b\"}");
      assertThat(socket.nextText())
          .isEqualTo(
              error(
                  "4009",
                  "user_data is invalid: id must be a string of 1 to 200 letters, digits and _ - ="
                      + " @ , . ;"));
      socket.signIn(APP, "{\"id\":\"anna\",\"watchlist\":[\"x\",\"y\"]}");
      assertThat(socket.nextText()).contains("pusher:signin_success");
      assertThat(socket.nextText())
          .isEqualTo(
              error(
                  "4302",
                  "Watchlist limit exceeded. Only the first 1 user IDs are accepted. It has 2"
                      + " (max_watchlist)"));
      socket.nextTextContaining("watchlist_events");
      socket.signIn(APP, "{\"id\":\"ben\"}");
      assertThat(socket.nextText())
          .isEqualTo(error("4009", "The connection is already signed in as another user"));
      socket.expectNothing();
    }
  }

  private static String clientEvent(String event, String channel, String data) {
    return "{\"event\":\"" + event + "\",\"channel\":\"" + channel + "\",\"data\":" + data + "}";
  }
}
