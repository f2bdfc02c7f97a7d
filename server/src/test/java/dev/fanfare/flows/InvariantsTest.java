package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The invariants of the protocol reference's section 11, each by its number. Signature vectors
/// (13) are in the protocol module, webhooks (15) in [WebhookEventsTest].
final class InvariantsTest {

  private static TestNode node;
  private static Api api;

  @BeforeAll
  static void start() {
    node = TestNode.start();
    api = new Api(node);
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  @Test
  void invariant01_theFirstFrameIsTheGreetingWithStringDataAndAPositiveTimeout()
      throws IOException {
    try (RawSocket socket = RawSocket.upgraded(node.port(), path("protocol=7"))) {
      assertThat(socket.nextText())
          .matches(
              "\\{\"event\":\"pusher:connection_established\",\"data\":\"\\{"
                  + "\\\\\"socket_id\\\\\":\\\\\"\\d{1,10}\\.\\d{1,10}\\\\\","
                  + "\\\\\"activity_timeout\\\\\":120}\"}");
    }
  }

  @Test
  void invariant02_errorsCarryAnObjectWithAMessage() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText("{\"event\":\"nonsense\"}");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":"
                  + "\"Unsupported event received on socket: 'nonsense'\"}}");
    }
  }

  @Test
  void invariant03_noFrameHasANullOrAChannelEventWithoutData() throws IOException {
    try (RawSocket socket = node.connect();
        RawSocket other = node.connect()) {
      List<String> frames = new ArrayList<>();
      socket.subscribePresence(TestNode.APP, "presence-i3", "{\"user_id\":\"1\"}");
      frames.add(socket.nextText());
      other.subscribePresence(TestNode.APP, "presence-i3", "{\"user_id\":2,\"user_info\":null}");
      other.nextTextContaining("subscription_succeeded");
      frames.add(socket.nextTextContaining("member_added"));
      socket.subscribe("cache-i3");
      socket.subscribe("i3");
      socket.subscribe("i3");
      socket.subscribe("private-i3");
      other.sendText("{\"event\":\"client-x\",\"channel\":\"presence-i3\",\"data\":null}");
      String frame;
      do {
        frame = socket.nextText();
        frames.add(frame);
      } while (!frame.contains("pusher:error\",\"data\":{\"code\":null,\"message\":\"Auth info"));
      assertThat(frames)
          .noneMatch(f -> f.replace("\"data\":{\"code\":null,", "").contains(":null"));
      assertThat(frames).allMatch(f -> !f.contains("\"channel\":") || f.contains("\"data\":"));
      assertThat(frames).hasSizeGreaterThan(6);
    }
  }

  @Test
  void invariant04_successHasDataAndPrecedesEveryEventOfItsChannel() throws IOException {
    for (int round = 0; round < 50; round++) {
      String channel = "i4-" + round;
      try (RawSocket socket = node.connect()) {
        socket.subscribe(channel);
        api.publish(channel, "e", "1");
        assertThat(socket.nextText())
            .isEqualTo(
                "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\""
                    + channel
                    + "\",\"data\":\"{}\"}");
      }
    }
  }

  @Test
  void invariant05_theSnapshotHasTheSubscriberAndAnObjectAndStrings() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribePresence(TestNode.APP, "presence-i5", "{\"user_id\":10}");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"presence-i5\","
                  + "\"data\":\"{\\\"presence\\\":{\\\"ids\\\":[\\\"10\\\"],"
                  + "\\\"hash\\\":{\\\"10\\\":{}},\\\"count\\\":1}}\"}");
    }
  }

  @Test
  void invariant06_membersAreNotNotifiedOfUnknownLeaversOrOfThemselves() throws IOException {
    for (int round = 0; round < 50; round++) {
      String channel = "presence-i6-" + round;
      try (RawSocket stays = node.connect();
          RawSocket leaves = node.connect()) {
        leaves.subscribePresence(TestNode.APP, channel, "{\"user_id\":\"leaver\"}");
        leaves.nextTextContaining("subscription_succeeded");
        leaves.sendClose(1000, "");
        stays.subscribePresence(TestNode.APP, channel, "{\"user_id\":\"stayer\"}");
        String snapshot = stays.nextText();
        api.publish(channel, "marker", "1");
        List<String> frames = new ArrayList<>();
        String frame;
        do {
          frame = stays.nextText();
          frames.add(frame);
        } while (!frame.contains("marker"));
        assertThat(frames).noneMatch(f -> f.contains("member_added"));
        if (!snapshot.contains("leaver")) {
          assertThat(frames).noneMatch(f -> f.contains("member_removed"));
        }
      }
    }
  }

  @Test
  void invariant07_pingsAreAnsweredAtOnceAndPayloadsEchoed() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(RawSocket.PING, true, "ping".getBytes(StandardCharsets.UTF_8));
      RawSocket.Frame pong = socket.nextFrame();
      assertThat(pong.opcode()).isEqualTo(RawSocket.PONG);
      assertThat(pong.text()).isEqualTo("ping");
      socket.sendText("{\"event\": \"pusher:ping\"}");
      assertThat(socket.nextText()).isEqualTo("{\"event\":\"pusher:pong\",\"data\":\"{}\"}");
    }
  }

  @Test
  void invariant08_idleJavaAndSwiftClientsSurviveTenMinutes() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode held = TestNode.start(clock, TestNode.APP);
        RawSocket java = held.connect();
        RawSocket swift = held.connect()) {
      for (int minute = 0; minute < 10; minute += 2) {
        clock.advance(Duration.ofMinutes(2));
        // Java pings at 120 s by itself; Swift only answers the server's probe.
        java.sendText("{\"event\": \"pusher:ping\"}");
        RawSocket.Frame answer = java.nextFrame();
        if (answer.opcode() == RawSocket.PING) { // its own ping was a moment later than the probe
          java.sendFrame(RawSocket.PONG, true, answer.payload());
          answer = java.nextFrame();
        }
        assertThat(answer.text()).contains("pusher:pong");
        RawSocket.Frame probe = swift.nextFrame();
        assertThat(probe.opcode()).isEqualTo(RawSocket.PING);
        swift.sendFrame(RawSocket.PONG, true, probe.payload());
        swift.sendText("{\"event\":\"pusher:ping\"}");
        swift.nextTextContaining("pusher:pong");
      }
    }
  }

  @Test
  void invariant08_aDeadClientIsProbedAndThenClosedWith4201() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode held = TestNode.start(clock, TestNode.APP);
        RawSocket dead = held.connect()) {
      clock.advance(Duration.ofMinutes(2));
      assertThat(dead.nextFrame().opcode()).isEqualTo(RawSocket.PING);
      clock.advance(Duration.ofSeconds(30));
      assertThat(dead.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":4201,"
                  + "\"message\":\"Pong reply not received\"}}");
      RawSocket.Frame close = dead.nextFrame();
      assertThat(close.closeCode()).isEqualTo(4201);
      assertThat(close.closeReason()).isEqualTo("Pong reply not received");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "protocol=4",
        "client=java-client&protocol=5&version=2.4.4",
        "protocol=6&flash=false",
        "client=js&version=8.5.0&protocol=7",
        // what is left of a host that a client appended to the cluster of docs/flutter.md
        "protocol=7&x=.pusher.com:80/app/KEY?client=java-client&protocol=5&version=2.4.4",
        "protocol=7&x=.pusher.com:443/app/KEY?protocol=7&client=js&version=8.6.0&flash=false",
        "protocol=7&x=.pusher.com:443/app/KEY?client=pusher-websocket-swift&version=10.1&protocol=7"
      })
  void invariant09_protocols4To7Connect(String query) throws IOException {
    try (RawSocket socket = RawSocket.upgraded(node.port(), path(query))) {
      assertThat(socket.nextText()).contains("pusher:connection_established");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /app/KEY | 4008 | No protocol version supplied
          /app/KEY?protocol= | 4008 | No protocol version supplied
          /app/KEY?protocol=seven | 4006 | Invalid version string format
          /app/KEY?protocol=3 | 4007 | Unsupported protocol version
          /app/KEY?protocol=8 | 4007 | Unsupported protocol version
          /app/KEY?protocol=99999999999 | 4007 | Unsupported protocol version
          /app/abc?protocol=7 | 4001 | App key abc not in this cluster. Did you forget to specify the cluster?
          /elsewhere?protocol=7 | 4005 | Path not found: /elsewhere
          /app/?protocol=7 | 4005 | Path not found: /app/
          """)
  void invariant10_refusalsHaveADocumentedCodeAndAReason(String target, int code, String reason)
      throws IOException {
    String real = target.replace("KEY", node.app().key());
    try (RawSocket socket = RawSocket.upgraded(node.port(), real)) {
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":"
                  + code
                  + ",\"message\":\""
                  + reason
                  + "\"}}");
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.opcode()).isEqualTo(RawSocket.CLOSE);
      assertThat(close.closeCode()).isEqualTo(code);
      assertThat(close.closeReason()).isEqualTo(reason);
      socket.sendClose(code, "");
      assertThat(socket.isEnded()).isTrue();
    }
  }

  @Test
  @Tag("one-node")
  void invariant10_aDisabledAppAnOriginAQuotaAndAnUnauthorizedConnection() throws IOException {
    App disabled = app("2", AppOptions.DEFAULTS.withEnabled(false), 0);
    App strict =
        app(
            "3",
            AppOptions.DEFAULTS
                .withAuthorizedConnectionsOnly(true)
                .withAuthorizationTimeoutSeconds(5)
                .withAllowedOrigins(List.of("good.example")),
            1);
    ManualClock clock = new ManualClock();
    try (TestNode held = TestNode.start(clock, disabled, strict)) {
      refused(held, "/app/key2?protocol=7", 4003, "Application disabled");
      refused(
          held,
          "/app/key3?protocol=7",
          4009,
          "Origin not allowed: https://bad.example",
          "Origin: https://bad.example");
      try (RawSocket only =
          RawSocket.upgraded(held.port(), "/app/key3?protocol=7", "Origin: https://good.example")) {
        assertThat(only.nextText()).contains("connection_established");
        refused(
            held,
            "/app/key3?protocol=7",
            4004,
            "Account over quota: the app has 1 connections, the limit is 1 (max_connections)");
        clock.advance(Duration.ofSeconds(5));
        assertThat(only.nextClose().closeReason())
            .isEqualTo("Connection not authorized within timeout");
      }
    }
  }

  private static void refused(
      TestNode held, String target, int code, String reason, String... headers) throws IOException {
    try (RawSocket socket = RawSocket.upgraded(held.port(), target, headers)) {
      RawSocket.Frame close = socket.nextClose();
      assertThat(close.closeCode()).isEqualTo(code);
      assertThat(close.closeReason()).isEqualTo(reason);
    }
  }

  private static App app(String id, AppOptions options, int maxConnections) {
    Limits limits = Limits.HOSTED.withMaxConnections(maxConnections);
    return new App(id, "key" + id, new Secret("secret" + id), options, limits);
  }

  @Test
  @Tag("one-node")
  void invariant10_aStoppingServerSendsEstablishedClientsAway() throws IOException {
    TestNode stopping = TestNode.start();
    try (RawSocket socket = stopping.connect()) {
      stopping.close();
      RawSocket.Frame close = socket.nextClose();
      assertThat(close.closeCode()).isEqualTo(4100);
      assertThat(close.closeReason()).isNotEmpty();
    }
  }

  @Test
  void invariant11_clientEventsAreRelayedAsStringsWithTheUserOnPresenceOnly() throws IOException {
    try (RawSocket sender = node.connect();
        RawSocket receiver = node.connect()) {
      sender.subscribePresence(TestNode.APP, "presence-i11", "{\"user_id\":\"10\"}");
      sender.nextTextContaining("subscription_succeeded");
      receiver.subscribePresence(TestNode.APP, "presence-i11", "{\"user_id\":\"11\"}");
      receiver.nextTextContaining("subscription_succeeded");
      sender.nextTextContaining("member_added");
      sender.sendText(
          "{\"event\":\"client-typing\",\"channel\":\"presence-i11\",\"data\":{\"a\": 1.50},"
              + "\"user_id\":\"forged\"}");
      assertThat(receiver.nextText())
          .isEqualTo(
              "{\"event\":\"client-typing\",\"channel\":\"presence-i11\","
                  + "\"data\":\"{\\\"a\\\":1.50}\",\"user_id\":\"10\"}");
      sender.subscribePrivate(TestNode.APP, "private-i11");
      sender.nextTextContaining("subscription_succeeded");
      receiver.subscribePrivate(TestNode.APP, "private-i11");
      receiver.nextTextContaining("subscription_count");
      sender.sendText(
          "{\"event\":\"client-typing\",\"channel\":\"private-i11\",\"data\":\"hello\"}");
      assertThat(receiver.nextText())
          .isEqualTo(
              "{\"event\":\"client-typing\",\"channel\":\"private-i11\",\"data\":\"hello\"}");
      sender.nextTextContaining("\"{\\\"subscription_count\\\":2}\"");
      sender.expectNothing();
    }
  }

  @Test
  void invariant12_encryptedChannelsGetNoSubscriptionCount() throws IOException {
    try (RawSocket socket = node.connect();
        RawSocket second = node.connect()) {
      socket.subscribePrivate(TestNode.APP, "private-encrypted-i12");
      assertThat(socket.nextText()).contains("subscription_succeeded");
      second.subscribePrivate(TestNode.APP, "private-encrypted-i12");
      assertThat(second.nextText()).contains("subscription_succeeded");
      api.publish("private-encrypted-i12", "marker", "x");
      assertThat(socket.nextText()).contains("marker");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/channels",
        "/channels/none-here",
        "/channels/presence-a,b;c=@d.e/users",
        "/channels/presence-none/users"
      })
  void invariant14_successfulAnswersAreJsonObjects(String path) throws IOException {
    HttpResponse<String> response = api.get(path, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).startsWith("{").endsWith("}");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void invariant14_noChannelsIsAnEmptyObject() throws IOException {
    assertThat(api.get("/channels", "filter_by_prefix=no-such-prefix").body())
        .isEqualTo("{\"channels\":{}}");
  }

  @Test
  void invariant16_theSubprotocolIsEchoedIfAndOnlyIfItWasAskedFor() throws IOException {
    try (RawSocket swift = new RawSocket(node.port());
        RawSocket js = new RawSocket(node.port())) {
      swift.sendHandshake(path("protocol=7"), "Sec-WebSocket-Protocol: pusher-channels-protocol-7");
      assertThat(swift.readHead())
          .containsIgnoringCase("\r\nsec-websocket-protocol: pusher-channels-protocol-7\r\n");
      js.sendHandshake(path("protocol=7"));
      assertThat(js.readHead()).doesNotContainIgnoringCase("sec-websocket-protocol");
    }
  }

  private static String path(String query) {
    return "/app/" + node.app().key() + "?" + query;
  }
}
