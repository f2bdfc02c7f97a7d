package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.event;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that come back and get what they missed, byte by byte.
@Tag("one-node")
final class ResumeTest {

  private static final App APP =
      PlainApp.APP.withHistory(
          List.of(
              rule("short-").withKeepEvents(2),
              rule("many-").withReplayEvents(2),
              rule("named-").withIdInData("_id"),
              HistoryRule.DEFAULTS));

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

  private RawSocket tagged(String tag) throws IOException {
    return RawSocket.established(node.port(), APP.key() + "/" + tag);
  }

  private String publish(String channel, String data) throws IOException {
    return publish(channel, data, "");
  }

  /// Publishes an event and returns its id.
  private String publish(String channel, String data, String more) throws IOException {
    return KeptEvents.publish(api, channel, data, more);
  }

  /// Ends the connection with a close frame, so that the server has forgotten it afterwards.
  private static void close(RawSocket socket, int code) throws IOException {
    socket.sendClose(code, "");
    assertThat(socket.nextClose().closeCode()).isEqualTo(code);
  }

  private void passResumeTime() {
    clock.advance(Duration.ofMinutes(2));
  }

  @Test
  void aPongConfirmsWhatWasWrittenBeforeThePing() throws IOException {
    String two;
    String three;
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      String one = publish("feed", "1");
      assertThat(first.nextText()).isEqualTo(event("feed", "1", one));
      confirm(first, "f1");
      two = publish("feed", "2");
      assertThat(first.nextText()).isEqualTo(event("feed", "2", two));
    }
    three = publish("feed", "3");
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "feed");
      assertThat(second.nextText()).isEqualTo(event("feed", "2", two));
      assertThat(second.nextText()).isEqualTo(event("feed", "3", three));
      confirm(second, "f1");
      String four = publish("feed", "4");
      assertThat(second.nextText()).isEqualTo(event("feed", "4", four));
      clock.advance(Duration.ofSeconds(2));
      confirm(second, "f2");
    }
    try (RawSocket third = tagged("phone")) {
      subscribe(third, "feed");
      third.expectNothing();
    }
  }

  @Test
  void aPongWithAnotherPayloadConfirmsNothing() throws IOException {
    String one;
    try (RawSocket first = tagged("phone~1")) {
      subscribe(first, "feed");
      one = publish("feed", "1");
      assertThat(first.nextText()).isEqualTo(event("feed", "1", one));
      assertThat(first.nextFrame().opcode()).isEqualTo(RawSocket.PING);
      for (String payload : List.of("", "f", "f0", "f2", "F1", "x")) {
        first.sendFrame(RawSocket.PONG, true, payload.getBytes(StandardCharsets.US_ASCII));
      }
      first.sendText("{\"event\":\"pusher:pong\",\"data\":{}}");
      first.expectNothing();
    }
    try (RawSocket second = tagged("phone~1")) {
      subscribe(second, "feed");
      assertThat(second.nextText()).isEqualTo(event("feed", "1", one));
    }
    try (RawSocket another = tagged("phone~2")) {
      subscribe(another, "feed");
      another.expectNothing();
    }
  }

  private RawSocket javaScript() throws IOException {
    RawSocket socket =
        RawSocket.upgraded(
            node.port(), "/app/" + APP.key() + "/~page?protocol=7&client=js&version=8.4.0");
    assertThat(socket.nextText()).contains("pusher:connection_established");
    return socket;
  }

  @Test
  void pusherJsIsAskedWithAnEventOfTheProtocol() throws IOException {
    try (RawSocket first = javaScript()) {
      subscribe(first, "feed");
      String one = publish("feed", "1");
      assertThat(first.nextText()).isEqualTo(event("feed", "1", one));
      assertThat(first.nextText()).isEqualTo("{\"event\":\"pusher:ping\",\"data\":\"{}\"}");
      first.sendText("{\"event\":\"pusher:pong\",\"data\":{}}");
      first.expectNothing();
    }
    String two = publish("feed", "2");
    try (RawSocket second = javaScript()) {
      subscribe(second, "feed");
      assertThat(second.nextText()).isEqualTo(event("feed", "2", two));
    }
  }

  @Test
  void anAnsweredCloseFrameConfirmsWhatWasWrittenBeforeIt() throws IOException {
    String one;
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      one = publish("feed", "1");
      assertThat(first.nextText()).isEqualTo(event("feed", "1", one));
      first.sendFrame(RawSocket.BINARY, true, new byte[1]);
      assertThat(first.nextClose().closeCode()).isEqualTo(1003);
      first.sendClose(1003, "");
      assertThat(first.isEnded()).isTrue();
    }
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "feed");
      second.expectNothing();
    }
  }

  @Test
  void aCloseFrameWithoutAnAnswerConfirmsNothing() throws IOException {
    String one;
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      one = publish("feed", "1");
      first.sendFrame(RawSocket.BINARY, true, new byte[1]);
      assertThat(first.nextClose().closeCode()).isEqualTo(1003);
    }
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "feed");
      assertThat(second.nextText()).isEqualTo(event("feed", "1", one));
    }
  }

  @Test
  void afterResumeSecondsAClientIsNew() throws IOException {
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      close(first, 1000);
    }
    var _ = publish("feed", "1");
    passResumeTime();
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "feed");
      second.expectNothing();
    }
  }

  /// On a silent network, a client is back before the server knows that it was gone.
  @Test
  void aTagResumesWhileItsOldConnectionIsStillOpen() throws IOException {
    try (RawSocket silent = tagged("phone")) {
      subscribe(silent, "feed");
      String one = publish("feed", "1");
      try (RawSocket second = tagged("phone")) {
        subscribe(second, "feed");
        assertThat(second.nextText()).isEqualTo(event("feed", "1", one));
        confirm(second, "f1");
      }
      assertThat(silent.nextText()).isEqualTo(event("feed", "1", one));
      silent.sendFrame(RawSocket.BINARY, true, new byte[1]);
      assertThat(silent.nextClose().closeCode()).isEqualTo(1003);
      try (RawSocket third = tagged("phone")) {
        subscribe(third, "feed");
        third.expectNothing();
      }
    }
  }

  @Test
  void aRuleThatIsRemovedDropsItsEventsAtOnce() throws IOException {
    String one;
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      one = publish("feed", "1");
      assertThat(first.nextText()).isEqualTo(event("feed", "1", one));
      confirm(first, "f1");
      var _ = publish("feed", "2");
      close(first, 1000);
    }
    node.server().reload(List.of(PlainApp.APP));
    node.server().reload(List.of(APP));
    assertThat(api.get("/channels/feed/events", "").body())
        .startsWith("{\"events\":[],\"complete\":");
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "feed");
      assertThat(second.nextText())
          .isEqualTo(
              ("{\"event\":\"fanfare:gap\",\"channel\":\"feed\",\"data\":\"{\\\"reason\\\":\\\"expired\\\","
                   + "\\\"after\\\":\\\"%s\\\"}\"}")
                  .formatted(one));
    }
  }

  @Test
  void dataThatIsAnObjectMayHaveTheId() throws IOException {
    try (RawSocket socket = node.connect()) {
      subscribe(socket, "named-feed");
      String one = publish("named-feed", "{\\\"n\\\":1}");
      assertThat(socket.nextText())
          .isEqualTo(event("named-feed", "{\\\"_id\\\":\\\"" + one + "\\\",\\\"n\\\":1}", one));
      String two = publish("named-feed", " { } ");
      assertThat(socket.nextText())
          .isEqualTo(event("named-feed", "{\\\"_id\\\":\\\"" + two + "\\\" } ", two));
      for (String other : List.of("text", "[1]", "{n", "{} {}", "")) {
        String id = publish("named-feed", other);
        assertThat(socket.nextText()).isEqualTo(event("named-feed", other, id));
      }
    }
  }

  @Test
  void aClientThatUnsubscribedIsNew() throws IOException {
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      first.unsubscribe("feed");
      first.expectNothing();
      var _ = publish("feed", "1");
      subscribe(first, "feed");
      first.expectNothing();
    }
  }

  /// A page that was left has no state that could be brought up to date, unless its tag says so.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClosedPageOfAUserLeavesNothing(boolean isTagged) throws IOException {
    String user = "{\"user_id\":\"7\"}";
    try (RawSocket first = isTagged ? tagged("~1") : node.connect()) {
      first.subscribePresence(APP, "presence-a", user);
      assertThat(first.nextText()).contains("subscription_succeeded");
      close(first, 1001);
    }
    String one = publish("presence-a", "1");
    try (RawSocket second = isTagged ? tagged("~1") : node.connect()) {
      second.subscribePresence(APP, "presence-a", user);
      assertThat(second.nextText()).contains("subscription_succeeded");
      if (isTagged) {
        assertThat(second.nextText()).isEqualTo(event("presence-a", "1", one));
      } else {
        second.expectNothing();
      }
    }
  }

  @Test
  void aClientDoesNotGetItsOwnEventsWhenItComesBack() throws IOException {
    String two;
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      var _ = publish("feed", "1", ",\"socket_id\":\"" + first.socketId() + "\"");
      two = publish("feed", "2");
      assertThat(first.nextText()).isEqualTo(event("feed", "2", two));
    }
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "feed");
      assertThat(second.nextText()).isEqualTo(event("feed", "2", two));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"short-feed", "many-feed"})
  void whatCannotBeReplayedIsReportedAsAGap(String channel) throws IOException {
    String one;
    try (RawSocket first = tagged("phone")) {
      subscribe(first, channel);
      one = publish(channel, "1");
      assertThat(first.nextText()).isEqualTo(event(channel, "1", one));
      confirm(first, "f1");
    }
    var _ = publish(channel, "2");
    String three = publish(channel, "3");
    String four = publish(channel, "4");
    try (RawSocket second = tagged("phone")) {
      subscribe(second, channel);
      String reason = channel.equals("short-feed") ? "expired" : "too_many";
      assertThat(second.nextText())
          .isEqualTo(
              ("{\"event\":\"fanfare:gap\",\"channel\":\"%s\",\"data\":\"{\\\"reason\\\":\\\"%s\\\","
                   + "\\\"after\\\":\\\"%s\\\",\\\"oldest\\\":\\\"%s\\\"}\"}")
                  .formatted(channel, reason, one, three));
    }
    try (RawSocket third = tagged("phone")) {
      third.subscribe(channel);
      assertThat(third.nextTextContaining("fanfare:gap")).as("until it is confirmed").contains(one);
      assertThat(third.nextTextContaining(three)).isEqualTo(event(channel, "3", three));
      assertThat(third.nextTextContaining(four)).isEqualTo(event(channel, "4", four));
    }
  }

  @Test
  void aChannelWithoutEventsThatWasDroppedHasNoGap() throws IOException {
    try (RawSocket first = tagged("phone")) {
      subscribe(first, "feed");
      close(first, 1000);
    }
    String one = publish("feed", "1");
    try (RawSocket second = tagged("phone")) {
      subscribe(second, "feed");
      assertThat(second.nextText()).isEqualTo(event("feed", "1", one));
    }
  }

  /// A server that keeps no events accepts it too, so that clients can have it before.
  @Test
  void aTagInAWrongFormIsRefused() throws IOException {
    try (TestNode plain = TestNode.start(PlainApp.APP);
        RawSocket socket = RawSocket.established(plain.port(), APP.key() + "/phone~1")) {
      subscribe(socket, "feed");
      socket.expectNothing();
    }
    try (RawSocket socket =
        RawSocket.upgraded(node.port(), "/app/" + APP.key() + "/a.b?protocol=7")) {
      assertThat(socket.nextText()).contains("\"code\":4005").contains("DEVICE~SESSION");
      assertThat(socket.nextClose().closeCode()).isEqualTo(4005);
    }
  }
}
