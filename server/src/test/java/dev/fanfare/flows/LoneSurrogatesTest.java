package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A text cut in the middle of an emoji ends with half a surrogate pair. JSON can escape it, UTF-8
/// cannot represent it; wherever it stands, it arrives as the escape that was sent.
final class LoneSurrogatesTest {

  private static final App APP =
      PlainApp.APP.withOptions(TestNode.APP.options().withSubscriptionCounts(false));

  /// Half a pair as the JSON escape.
  private static final String HALF = "\\ud83d";

  /// The same within a string that itself contains JSON.
  private static final String NESTED = "\\\\ud83d";

  private static TestNode node;
  private static Api api;

  @BeforeAll
  static void start() {
    node = TestNode.start(APP);
    api = new Api(node);
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  @Test
  void inAnEventOfTheApi() throws IOException {
    try (RawSocket socket = PlainApp.subscriber(node, "half")) {
      api.post("/events", publish("half", "e " + HALF, "cut " + HALF));
      assertThat(socket.nextText())
          .isEqualTo(PlainApp.frame("e " + HALF, "half", "\"cut " + HALF + "\""));
    }
  }

  @Test
  void inACachedEvent() throws IOException {
    api.post("/events", publish("cache-half", "e" + HALF, "cut " + HALF));
    try (RawSocket socket = PlainApp.subscriber(node, "cache-half")) {
      assertThat(socket.nextText())
          .isEqualTo(PlainApp.frame("e" + HALF, "cache-half", "\"cut " + HALF + "\""));
    }
    assertThat(api.get("/channels/cache-half", "info=cache").body())
        .contains("\"data\":\"cut " + HALF + "\"");
  }

  @Test
  void inAClientEvent() throws IOException {
    try (RawSocket sender = node.connect();
        RawSocket receiver = node.connect()) {
      for (RawSocket socket : new RawSocket[] {sender, receiver}) {
        socket.subscribePrivate(APP, "private-half");
        socket.nextTextContaining("subscription_succeeded");
      }
      sender.trigger("private-half", "client-" + HALF, "\"cut " + HALF + "\"");
      assertThat(receiver.nextText())
          .isEqualTo(PlainApp.frame("client-" + HALF, "private-half", "\"cut " + HALF + "\""));
      sender.trigger("private-half", "client-e", "{\"t\":\"cut " + HALF + "?\"}");
      assertThat(receiver.nextText())
          .isEqualTo(
              PlainApp.frame(
                  "client-e", "private-half", "\"{\\\"t\\\":\\\"cut " + NESTED + "?\\\"}\""));
    }
  }

  /// The JSON library cannot read it there.
  @Test
  void aPropertyNameWithHalfAPairIsRefusedAndTheConnectionStays() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.trigger("private-half", "client-e", "{\"" + HALF + "\":1}");
      assertThat(socket.nextText()).contains("pusher:error", "Broken surrogate pair");
      socket.expectNothing();
    }
  }

  @Test
  void inThePresenceData() throws IOException {
    String channel = "presence-half";
    try (RawSocket first = PlainApp.member(node, channel, "a");
        RawSocket second = node.connect()) {
      // Escaped once more, since channel_data is a string with JSON in it.
      second.subscribePresence(
          APP, channel, "{\"user_id\":\"b\",\"user_info\":{\"n\":\"\\ud83d\"}}");
      String info = "{\\\"n\\\":\\\"" + NESTED + "\\\"}";
      assertThat(first.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-half\","
                  + "\"data\":\"{\\\"user_id\\\":\\\"b\\\",\\\"user_info\\\":"
                  + info
                  + "}\"}");
      assertThat(second.nextText()).contains("\\\"b\\\":" + info);
    }
  }

  private static String publish(String channel, String event, String data) {
    return "{\"name\":\"" + event + "\",\"channel\":\"" + channel + "\",\"data\":\"" + data + "\"}";
  }
}
