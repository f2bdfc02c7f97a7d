package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.event;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Trait;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the options of a rule mean for what is kept and for whom, byte by byte; those that are not
/// here are in [HistoryTest], [ResumeTest] and [IdentifyTest].
@Tag("one-node")
final class HistoryRulesTest {

  private static final App APP =
      PlainApp.APP
          .withOptions(PlainApp.APP.options().withClientEvents(true))
          .withLimits(PlainApp.APP.limits().withMaxHttpReadsPerSecond(1))
          .withHistory(
              List.of(
                  rule("bytes-").withReplay(Replay.REWIND).withKeepBytes(1_024),
                  rule("rewind-").withReplay(Replay.REWIND).withRewindEvents(1),
                  rule("gone-").withResumeSeconds(0),
                  rule("presence-data-").withIdentify(List.of(Trait.DATA, Trait.TAG)),
                  rule("private-encrypted-").withReplay(Replay.REWIND).withIdInData("_id"),
                  rule("private-").withReplay(Replay.REWIND),
                  rule("presence-").withReplay(Replay.REWIND).withClientEvents(true),
                  rule("#server-to-user-").withReplay(Replay.REWIND)));

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  private static HistoryRule rule(String prefix) {
    return HistoryRule.DEFAULTS.withChannels(ChannelFilter.ALL.withPrefix(prefix));
  }

  @BeforeEach
  void start() {
    node = TestNode.start(clock, APP);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private String publish(String channel, String data) throws IOException {
    return KeptEvents.publish(api, channel, data, "");
  }

  private RawSocket tagged(String tag) throws IOException {
    return RawSocket.established(node.port(), APP.key() + "/" + tag);
  }

  private static void close(RawSocket socket) throws IOException {
    socket.sendClose(1000, "");
    assertThat(socket.nextClose().closeCode()).isEqualTo(1000);
  }

  @Test
  void theBytesOfAChannelAreLimited() throws IOException {
    String large = "x".repeat(200);
    var _ = publish("bytes-a", large);
    String second = publish("bytes-a", large);
    String other = publish("bytes-b", large);
    String third = publish("bytes-a", large);
    try (RawSocket socket = node.connect()) {
      subscribe(socket, "bytes-a");
      assertThat(socket.nextText()).isEqualTo(event("bytes-a", large, second));
      assertThat(socket.nextText()).isEqualTo(event("bytes-a", large, third));
      socket.expectNothing();
      subscribe(socket, "bytes-b");
      assertThat(socket.nextText()).isEqualTo(event("bytes-b", large, other));
    }
  }

  @Test
  void aRewindIsForThoseWhoAreNotRecognised() throws IOException {
    String one = publish("rewind-a", "1");
    try (RawSocket known = tagged("phone")) {
      subscribe(known, "rewind-a");
      assertThat(known.nextText()).isEqualTo(event("rewind-a", "1", one));
      confirm(known, "f1");
    }
    String two = publish("rewind-a", "2");
    String three = publish("rewind-a", "3");
    try (RawSocket known = tagged("phone")) {
      subscribe(known, "rewind-a");
      assertThat(known.nextText()).isEqualTo(event("rewind-a", "2", two));
      assertThat(known.nextText()).isEqualTo(event("rewind-a", "3", three));
    }
    for (int i = 0; i < 2; i++) {
      try (RawSocket unknown = node.connect()) {
        subscribe(unknown, "rewind-a");
        assertThat(unknown.nextText()).isEqualTo(event("rewind-a", "3", three));
        unknown.expectNothing();
      }
    }
  }

  @Test
  void withoutTimeToResumeNoClientIsRecognised() throws IOException {
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "gone-a");
      close(first);
    }
    var _ = publish("gone-a", "1");
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "gone-a");
      second.expectNothing();
    }
  }

  /// With the order of the defaults, the tag would count and the second client be new.
  @Test
  void theFirstThatAClientHasCounts() throws IOException {
    String data = "{\"user_id\":\"7\",\"device\":\"phone\"}";
    try (RawSocket first = tagged("one")) {
      first.subscribePresence(APP, "presence-data-a", data);
      assertThat(first.nextText()).contains("subscription_succeeded");
      close(first);
    }
    String one = publish("presence-data-a", "1");
    try (RawSocket second = tagged("two")) {
      second.subscribePresence(APP, "presence-data-a", data);
      assertThat(second.nextText()).contains("subscription_succeeded");
      assertThat(second.nextText()).isEqualTo(event("presence-data-a", "1", one));
    }
  }

  @Test
  void encryptedDataIsKeptAsItIs() throws IOException {
    String data = "{\\\"nonce\\\":\\\"n\\\",\\\"ciphertext\\\":\\\"c\\\"}";
    String id = publish("private-encrypted-a", data);
    try (RawSocket socket = node.connect()) {
      socket.subscribePrivate(APP, "private-encrypted-a");
      assertThat(socket.nextText()).contains("subscription_succeeded");
      assertThat(socket.nextText()).isEqualTo(event("private-encrypted-a", data, id));
    }
  }

  @Test
  void clientEventsNoticesAndRefusedEventsAreNotKept() throws IOException {
    try (RawSocket sender = node.connect();
        RawSocket reader = node.connect();
        RawSocket member = node.connect()) {
      sender.subscribePrivate(APP, "private-a");
      assertThat(sender.nextText()).contains("subscription_succeeded");
      reader.subscribePrivate(APP, "private-a");
      assertThat(reader.nextText()).contains("subscription_succeeded");
      sender.trigger("private-a", "client-typing", "{}");
      assertThat(reader.nextText())
          .isEqualTo("{\"event\":\"client-typing\",\"channel\":\"private-a\",\"data\":\"{}\"}");
      member.subscribePresence(APP, "presence-a", "{\"user_id\":\"7\"}");
      assertThat(member.nextText()).contains("subscription_succeeded");
    }
    String tooLarge = "x".repeat(APP.limits().maxEventBytes() + 1);
    String refused = "{\"name\":\"e\",\"channel\":\"private-a\",\"data\":\"" + tooLarge + "\"}";
    assertThat(api.post("/events", refused).statusCode()).isEqualTo(413);
    expectPage("private-a", "{\"events\":[],\"complete\":true}");
    clock.advance(Duration.ofSeconds(1));
    expectPage("presence-a", "{\"events\":[],\"complete\":true}");
  }

  private void expectPage(String channel, String page) throws IOException {
    assertThat(api.get("/channels/" + channel + "/events", "").body()).isEqualTo(page);
  }

  @Test
  void anEventOfAMemberNamesItsUser() throws IOException {
    try (RawSocket member = node.connect()) {
      member.subscribePresence(APP, "presence-a", "{\"user_id\":\"7\"}");
      assertThat(member.nextText()).contains("subscription_succeeded");
      member.trigger("presence-a", "client-typing", "{}");
      member.expectNothing(); // and the event is published
    }
    assertThat(api.get("/channels/presence-a/events", "").body())
        .matches(
            "\\{\"events\":\\[\\{\"id\":\"[0-9]{13}-0\",\"name\":\"client-typing\",\"data\":\"\\{}\","
                + "\"time_ms\":[0-9]{13},\"user_id\":\"7\",\"origin\":\"client\"}],\"complete\":true}");
  }

  @Test
  void eventsOfAUserAreForThoseWhoSignIn() throws IOException {
    String id = publish("#server-to-user-7", "1");
    try (RawSocket socket = node.connect()) {
      socket.signIn(APP, "{\"id\":\"7\"}");
      assertThat(socket.nextText()).contains("pusher:signin_success");
      subscribe(socket, "#server-to-user-7");
      assertThat(socket.nextText()).isEqualTo(event("#server-to-user-7", "1", id));
    }
  }

  @Test
  void aPageCountsAsOneRead() throws IOException {
    var _ = publish("bytes-a", "1");
    assertThat(api.get("/channels/bytes-a/events", "").statusCode()).isEqualTo(200);
    var refused = api.get("/channels/bytes-a/events", "");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void aChannelWithoutARuleHasNoPage() throws IOException {
    var refused = api.get("/channels/other/events", "");
    assertThat(PlainApp.line(refused)).isEqualTo("404 No history rule covers channel other");
  }
}
