package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.line;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Exceeds each limit in the table of docs/configuration.md by one and compares the answer with the
/// table.
@Tag("one-node")
final class LimitAnswersTest {

  /// Low limits, which are easy to exceed.
  private static final Limits LIMITS =
      Limits.HOSTED
          .withMaxConnections(2)
          .withMaxSubscriptions(2)
          .withMaxChannelNameChars(20)
          .withMaxEventNameChars(20)
          .withMaxEventBytes(50)
          .withMaxChannelsPerEvent(2)
          .withMaxBatchEvents(3)
          .withMaxClientEventsPerSecond(1)
          .withMaxPresenceMembers(1)
          .withMaxPresenceMemberBytes(20)
          .withMaxUserIdChars(5)
          .withMaxWatchlist(1)
          .withMaxCacheBytes(1_000)
          .withMaxHttpEventsPerSecond(3)
          .withMaxHttpReadsPerSecond(1);

  private static final App APP =
      PlainApp.APP
          .withOptions(AppOptions.DEFAULTS.withClientEvents(true).withWatchlists(true))
          .withLimits(LIMITS);

  private static final ServerOptions OPTIONS =
      TestNode.options(0)
          .withMaxMessageBytes(1_024)
          .withMaxRequestBytes(1_024)
          .withMaxPendingBytes(1_024);

  private static final Pattern SETTING = Pattern.compile("^\\| `(?:limits|server)\\.(\\w+)`");
  private static final Pattern ANSWER = Pattern.compile("(?:, (\\d+) |refused )`([^`]+)`");

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;
  private RawSocket socket;
  private RawSocket other;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.start(OPTIONS, clock.withSystemTime(), ServerListener.NONE, APP);
    api = new Api(node);
    socket = node.connect();
    other = node.connect();
  }

  @AfterEach
  void stop() throws IOException {
    socket.close();
    other.close();
    api.close();
    node.close();
  }

  static Stream<String> rows() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/configuration.md")).stream()
            .filter(row -> SETTING.matcher(row).find())
            .toList();
    assertThat(rows).hasSizeGreaterThan(15);
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theAnswerIsThePromisedOne(String row) throws IOException {
    Matcher setting = SETTING.matcher(row);
    assertThat(setting.find()).isTrue();
    List<String> promised = ANSWER.matcher(row).results().map(LimitAnswersTest::regex).toList();
    List<String> heard = provoke(setting.group(1));
    assertThat(heard).hasSameSizeAs(promised);
    for (int i = 0; i < heard.size(); i++) {
      assertThat(heard.get(i)).matches(promised.get(i)).contains(setting.group(1));
    }
  }

  /// Code and text, with numbers for `N` and a channel or an address for `NAME`.
  private static String regex(MatchResult answer) {
    String text = Pattern.quote(answer.group(2));
    return (answer.group(1) == null ? "" : answer.group(1) + " ")
        + text.replaceAll("\\bN\\b", "\\\\E\\\\d+\\\\Q").replace("NAME", "\\E\\S+\\Q");
  }

  private List<String> provoke(String setting) throws IOException {
    return switch (setting) {
      case "max_connections" -> List.of(close(RawSocket.upgraded(node.port(), target())));
      case "max_subscriptions" -> {
        socket.subscribe("a");
        socket.subscribe("b");
        socket.subscribe("c");
        yield List.of(subscriptionError());
      }
      case "max_subscription_changes_per_second" -> List.of(tooManyChanges());
      case "max_resumable_connections" -> {
        App resuming = APP.withHistory(List.of(HistoryRule.DEFAULTS));
        try (TestNode one =
            TestNode.start(
                TestNode.PARTS.withResume(ResumeOptions.DEFAULTS.withMaxConnections(1)),
                FanfareServer.Clocks.SYSTEM,
                ServerListener.NONE,
                resuming)) {
          missAnEvent(one, "first", "second");
          // In this order, since each of them leaves a position again.
          try (RawSocket back = resumed(one, "second")) {
            assertThat(back.nextText()).contains("\"e\"");
          }
          try (RawSocket late = resumed(one, "first")) {
            late.expectNothing();
          }
        }
        yield List.of();
      }
      case "max_cache_bytes" -> {
        assertThat(publish("e", "1", "cache-1")).isEqualTo("200 {}");
        assertThat(publish("e", "1", "cache-2")).isEqualTo("200 {}");
        socket.subscribe("cache-2");
        assertThat(socket.nextTextContaining("cache-2")).contains("subscription_succeeded");
        assertThat(socket.nextText()).contains("\"e\"");
        socket.subscribe("cache-1");
        assertThat(socket.nextText()).contains("subscription_succeeded");
        assertThat(socket.nextText()).contains("pusher:cache_miss");
        yield List.of();
      }
      case "max_presence_members" -> {
        other.subscribePresence(APP, "presence-a", "{\"user_id\":\"1\"}");
        other.nextTextContaining("subscription_succeeded");
        yield List.of(memberRefused("{\"user_id\":\"2\"}"));
      }
      case "max_presence_member_bytes" ->
          List.of(memberRefused("{\"user_id\":\"1\",\"user_info\":{\"name\":\"1234567890\"}}"));
      case "max_user_id_chars" -> List.of(memberRefused("{\"user_id\":\"123456\"}"));
      case "max_channel_name_chars" -> {
        socket.subscribe("c".repeat(21));
        String overHttp = publish("e", "1", "c".repeat(21));
        assertThat(overHttp).isEqualTo(line(api.get("/channels/" + "c".repeat(21), "")));
        assertThat(overHttp).isEqualTo(subscriptionError());
        yield List.of(overHttp);
      }
      case "max_event_name_chars" ->
          List.of(publish("e".repeat(21), "1", "a"), whispered("client-" + "e".repeat(14), "1"));
      case "max_event_bytes" ->
          List.of(publish("e", "1".repeat(51), "a"), whispered("client-e", "1".repeat(51)));
      case "max_channels_per_event" -> List.of(publish("e", "1", "a\",\"b\",\"c"));
      case "max_batch_events" -> List.of(batch(4));
      case "max_http_events_per_second" -> {
        assertThat(batch(2)).isEqualTo("200 {}");
        yield List.of(batch(2));
      }
      case "max_http_reads_per_second" -> {
        assertThat(api.get("/channels", "").statusCode()).isEqualTo(200);
        yield List.of(line(api.get("/channels", "")));
      }
      case "max_client_events_per_second" -> {
        subscribe(socket);
        socket.trigger("private-a", "client-e", "1");
        socket.trigger("private-a", "client-e", "1");
        yield List.of(error());
      }
      case "max_watchlist" -> {
        socket.signIn(APP, "{\"id\":\"u\",\"watchlist\":[\"a\",\"b\"]}");
        yield List.of(error());
      }
      case "max_sockets" -> List.of(thirdSocketOfThree());
      case "max_connections_per_address" ->
          List.of(secondOfOneAddress(OPTIONS.withMaxConnectionsPerAddress(1)));
      case "max_handshakes_per_second_per_address" ->
          List.of(secondOfOneAddress(OPTIONS.withMaxHandshakesPerSecondPerAddress(1)));
      case "max_message_bytes" -> {
        socket.sendText("1".repeat(1_025));
        yield List.of(close(socket));
      }
      case "max_request_bytes" -> List.of(line(api.post("/events", "1".repeat(1_025))));
      case "max_pending_bytes" -> List.of(tooSlow());
      default -> throw new AssertionError("no way to exceed " + setting);
    };
  }

  /// Clients that leave in this order, before an event is published.
  private static void missAnEvent(TestNode node, String... tags) throws IOException {
    for (String tag : tags) {
      try (RawSocket leaving = resumed(node, tag)) {
        leaving.sendClose(1000, "");
        assertThat(leaving.nextClose().closeCode()).isEqualTo(1000);
      }
    }
    try (Api publisher = new Api(node)) {
      String body = "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"1\"}";
      assertThat(publisher.post("/events", body).statusCode()).isEqualTo(200);
    }
  }

  private static RawSocket resumed(TestNode node, String tag) throws IOException {
    RawSocket socket = RawSocket.established(node.port(), APP.key() + "/" + tag);
    socket.subscribe("feed");
    assertThat(socket.nextText()).contains("subscription_succeeded");
    return socket;
  }

  /// Sends changes faster than they are read until it is closed, four seconds per step.
  private String tooManyChanges() throws IOException {
    String unsubscribe = "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"a\"}}";
    byte[] frame = RawSocket.frame(0x81, true, unsubscribe.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 2_000 + 15 * 400; i++) {
      many.writeBytes(frame);
    }
    try (TestNode patient = TestNode.start(clock, APP);
        RawSocket flooding = patient.connect()) {
      Thread sender = Thread.ofVirtual().start(() -> send(flooding, many.toByteArray()));
      int answers = 2_000;
      for (int step = 0; step < 15; step++) {
        for (int i = 0; i < answers; i++) {
          assertThat(flooding.nextText()).contains("No current subscription");
        }
        answers = 400;
        clock.advance(Duration.ofSeconds(4));
      }
      String closed = close(flooding);
      sender.interrupt();
      return closed;
    }
  }

  private static void send(RawSocket socket, byte[] bytes) {
    try {
      socket.send(bytes);
    } catch (IOException e) {
      // closed before it had sent all
    }
  }

  private static String thirdSocketOfThree() throws IOException {
    ServerOptions options = OPTIONS.withMaxSockets(3);
    FanfareServer.Clocks clocks = new ManualClock().clocks();
    try (TestNode small = TestNode.start(options, clocks, ServerListener.NONE, APP);
        RawSocket first = small.connect();
        RawSocket second = small.connect();
        RawSocket third = RawSocket.upgraded(small.port(), target())) {
      for (RawSocket client : List.of(first, second)) {
        client.expectNothing();
      }
      return close(third);
    }
  }

  private static String secondOfOneAddress(ServerOptions options) throws IOException {
    FanfareServer.Clocks clocks = new ManualClock().clocks();
    try (TestNode strict = TestNode.start(options, clocks, ServerListener.NONE, APP);
        RawSocket first = strict.connect()) {
      first.expectNothing();
      return options.maxConnectionsPerAddress() > 0
          ? close(RawSocket.upgraded(strict.port(), target()))
          : handshakeRefused(strict.port());
    }
  }

  private static String handshakeRefused(int port) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      RawHttp.Answer answer =
          http.send(RawHttp.request("GET", target(), "", "Upgrade: websocket")).next();
      return answer.line();
    }
  }

  private static String target() {
    return "/app/" + APP.key() + "?protocol=7";
  }

  private static String close(RawSocket closed) throws IOException {
    try (closed) {
      RawSocket.Frame close = closed.nextClose();
      return close.closeCode() + " " + close.closeReason();
    }
  }

  /// `status error` of the next refused subscription, which is also reported as a plain error.
  private String subscriptionError() throws IOException {
    String text = socket.nextTextContaining("pusher:subscription_error").replace("\\\"", "\"");
    String error = part(text, "\"error\":\"([^\"]+)\"");
    assertThat(socket.nextText()).contains("pusher:error", error);
    return part(text, "\"status\":(\\d+)") + " " + error;
  }

  /// `code message` of the next error, or the message alone if the code is null.
  private String error() throws IOException {
    String text = socket.nextTextContaining("\"pusher:error\"");
    String message = part(text, "\"message\":\"([^\"]+)\"");
    String code = part(text, "\"code\":(null|\\d+)");
    return code.equals("null") ? message : code + " " + message;
  }

  private static String part(String text, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private String memberRefused(String channelData) throws IOException {
    socket.subscribePresence(APP, "presence-a", channelData);
    return subscriptionError();
  }

  private String publish(String event, String data, String channels) throws IOException {
    return line(
        api.post(
            "/events",
            "{\"name\":\"%s\",\"data\":\"%s\",\"channels\":[\"%s\"]}"
                .formatted(event, data, channels)));
  }

  private String batch(int events) throws IOException {
    String event = ",{\"name\":\"e\",\"channel\":\"a\",\"data\":\"1\"}";
    return line(
        api.post("/batch_events", "{\"batch\":[" + event.repeat(events).substring(1) + "]}"));
  }

  private static void subscribe(RawSocket socket) throws IOException {
    socket.subscribePrivate(APP, "private-a");
    socket.nextTextContaining("subscription_succeeded");
  }

  private String whispered(String event, String data) throws IOException {
    subscribe(socket);
    socket.trigger("private-a", event, '"' + data + '"');
    return error();
  }

  /// Requests more than it reads.
  private String tooSlow() throws IOException {
    String ping = "{\"event\":\"pusher:ping\"}";
    byte[] frame = RawSocket.frame(0x81, true, ping.getBytes(StandardCharsets.UTF_8));
    byte[] many = new byte[frame.length * 1_000];
    for (int i = 0; i < 1_000; i++) {
      System.arraycopy(frame, 0, many, i * frame.length, frame.length);
    }
    socket.send(many);
    return close(socket);
  }
}
