package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The options of the server about clients that come back.
@Tag("one-node")
final class ResumeOptionsTest {

  private static final App APP = PlainApp.APP.withHistory(List.of(HistoryRule.DEFAULTS));

  private final ManualClock clock = new ManualClock();
  private final AtomicLong wallMs = new AtomicLong(System.currentTimeMillis());

  private TestNode start(ResumeOptions options) {
    return TestNode.start(
        TestNode.PARTS.withServer(TestNode.options(0).withLanes(1)).withResume(options),
        new FanfareServer.Clocks(clock, () -> Instant.ofEpochMilli(wallMs.get())),
        ServerListener.NONE,
        APP);
  }

  private static RawSocket subscribed(TestNode node, String tag) throws IOException {
    RawSocket socket = RawSocket.established(node.port(), APP.key() + "/" + tag);
    socket.subscribe("feed");
    assertThat(socket.nextText()).contains("subscription_succeeded");
    return socket;
  }

  private static void publish(Api api, String data) throws IOException {
    String body = "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"%s\"}".formatted(data);
    assertThat(api.post("/events", body).statusCode()).isEqualTo(200);
  }

  private static void expect(RawSocket socket, String data) throws IOException {
    assertThat(socket.nextText())
        .startsWith("{\"event\":\"e\",\"channel\":\"feed\",\"data\":\"%s\"".formatted(data));
  }

  private static void close(RawSocket socket) throws IOException {
    try (socket) {
      socket.sendClose(1000, "");
      assertThat(socket.nextClose().closeCode()).isEqualTo(1000);
    }
  }

  /// Both connections are checked in one turn, so an answer of one says what the other was sent.
  @Test
  void aClientIsAskedAsOftenAsTheServerIsConfigured() throws IOException {
    try (TestNode node = start(ResumeOptions.DEFAULTS.withAcknowledgeMilliseconds(5_000));
        Api api = new Api(node);
        RawSocket first = subscribed(node, "first")) {
      publish(api, "1");
      expect(first, "1");
      confirm(first, "f1");
      clock.advance(Duration.ofSeconds(4));
      try (RawSocket second = subscribed(node, "second")) {
        publish(api, "2");
        expect(first, "2");
        expect(second, "2");
        confirm(second, "f1");
        first.expectNothing();
        clock.advance(Duration.ofSeconds(1));
        confirm(first, "f2");
      }
    }
  }

  @Test
  void whatWasConfirmedShortlyBeforeTheEndIsSentAgain() throws IOException {
    try (TestNode node = start(ResumeOptions.DEFAULTS.withOverlapMilliseconds(250));
        Api api = new Api(node)) {
      RawSocket first = subscribed(node, "phone");
      for (int i = 1; i <= 4; i++) {
        publish(api, String.valueOf(i));
        expect(first, String.valueOf(i));
        wallMs.addAndGet(100);
      }
      confirm(first, "f1");
      close(first);
      publish(api, "5");
      try (RawSocket second = subscribed(node, "phone")) {
        for (int i = 2; i <= 5; i++) {
          expect(second, String.valueOf(i));
        }
        confirm(second, "f1");
      }
    }
  }

  /// Two subscriptions of one connection are one.
  @Test
  void theConnectionThatEndedFirstIsForgotten() throws IOException {
    try (TestNode node = start(ResumeOptions.DEFAULTS.withMaxConnections(1));
        Api api = new Api(node)) {
      RawSocket first = subscribed(node, "first");
      RawSocket second = subscribed(node, "second");
      second.subscribe("news");
      assertThat(second.nextText()).contains("subscription_succeeded");
      close(first);
      close(second);
      publish(api, "1");
      try (RawSocket back = subscribed(node, "second")) {
        expect(back, "1");
      }
      try (RawSocket late = subscribed(node, "first")) {
        late.expectNothing();
      }
    }
  }

  @Test
  void aServerThatStartsAgainKnowsNoClient() throws IOException {
    try (TestNode node = start(ResumeOptions.DEFAULTS);
        Api api = new Api(node)) {
      RawSocket first = subscribed(node, "phone");
      publish(api, "1");
      expect(first, "1");
      first.close();
      publish(api, "2");
    }
    try (TestNode node = start(ResumeOptions.DEFAULTS);
        Api api = new Api(node);
        RawSocket second = subscribed(node, "phone")) {
      second.expectNothing();
      assertThat(api.get("/channels/feed/events", "").body()).startsWith("{\"events\":[],");
    }
  }
}
