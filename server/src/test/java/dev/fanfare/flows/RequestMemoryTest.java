package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.budget.Share;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RawSocket.Frame;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The memory for incomplete requests and messages: what is never kept, and who is cut when it is
/// used up.
@Tag("one-node")
final class RequestMemoryTest {

  private static final App APP = PlainApp.APP;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int KB = 1_024;
  private static final int LIMIT = 2_048 * KB;
  private static final String EVENT = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"x\"}";
  private static final String USED_UP =
      "No memory left for incomplete messages: \\d+ of "
          + LIMIT
          + " bytes are in use \\(request_memory_bytes\\); ";

  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            TestNode.PARTS.withLedger(LedgerOptions.DERIVED.withRequestMemoryBytes(LIMIT)),
            FanfareServer.Clocks.SYSTEM,
            ServerListener.NONE,
            APP);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Share requests() {
    return node.server().ledger().requests();
  }

  private void awaitUsed(long atLeast) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(requests().used()).isGreaterThanOrEqualTo(atLeast));
  }

  private void awaitNothingUsed() {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(requests().used()).isZero());
  }

  private RawSocket connect() throws IOException {
    return ServerProcess.connect(node.port(), APP.key());
  }

  private static String padded(int bytes) {
    return EVENT + " ".repeat(bytes - EVENT.length());
  }

  /// A signed publish with a body of this size, without the end of its body.
  private static String part(int bytes, int sent) {
    String request = RawHttp.signed(APP, "POST", "/events", padded(bytes));
    return request.substring(0, request.length() - bytes + sent);
  }

  private RawHttp sent(int bytes, int sent) throws IOException {
    return new RawHttp(node.port()).send(part(bytes, sent));
  }

  /// The target of a publish that is refused, and the start of the answer.
  private static String forged(String kind) {
    String path = "/apps/3/events";
    String query = RawHttp.query(APP, "POST", path, padded(1_000_000));
    return switch (kind) {
      case "404 Unknown app id 99" -> "/apps/99/events?" + query;
      case "404 Unknown path /apps/3/nothing" -> "/apps/3/nothing?" + query;
      case "401 Unknown auth_key" -> path + "?" + query.replace(APP.key(), "another");
      case "401 Timestamp expired" ->
          path + "?" + query.replaceFirst("auth_timestamp=\\d+", "auth_timestamp=1");
      case "401 Missing parameter: auth_signature" ->
          path + "?" + query.replaceFirst("&auth_signature=\\w+", "");
      case "401 Missing parameter: body_md5" ->
          path + "?" + RawHttp.query(APP, "POST", path, "").replaceFirst("&?body_md5=\\w*", "");
      default -> path + "?" + query.replaceFirst("auth_signature=\\w", "auth_signature=g");
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "404 Unknown app id 99",
        "404 Unknown path /apps/3/nothing",
        "401 Unknown auth_key",
        "401 Timestamp expired",
        "401 Missing parameter: auth_signature",
        "401 Missing parameter: body_md5",
        "401 Invalid signature"
      })
  void theBodyOfAForgedRequestIsNotAwaited(String answer) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(RawHttp.request("POST", forged(answer), "", "Content-Length: 1000000"));
      Answer early = http.next();
      assertThat(early.line()).startsWith(answer);
      assertThat(early.header("Connection")).isEqualTo("close");
      assertThat(http.isEnded()).isTrue();
      assertThat(requests().used()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"404 Unknown app id 99", "401 Unknown auth_key", "401 Invalid signature"})
  void theAnswerToAForgedRequestReachesAClientThatSendsEverythingFirst(String answer)
      throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(RawHttp.request("POST", forged(answer), padded(1_000_000)));
      assertThat(http.next().line()).startsWith(answer);
    }
  }

  @Test
  void aShortBodyOfAForgedRequestIsReadAndTheConnectionKept() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 3; i++) {
        http.send(RawHttp.request("POST", "/apps/99/events", "", "Content-Length: 20000"));
        http.send(" ".repeat(10_000));
        http.send(" ".repeat(10_000));
        Answer answer = http.next();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Connection")).isEqualTo("keep-alive");
      }
      assertThat(http.send(RawHttp.signed(APP, "GET", "/channels", "")).next().status())
          .isEqualTo(200);
    }
  }

  @Test
  void aChunkedBodyOfAForgedRequestIsReadAndNotKept() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(RawHttp.request("POST", "/apps/99/events", "", "Transfer-Encoding: chunked"));
      String chunk = "2710\r\n" + " ".repeat(10_000) + "\r\n";
      for (int i = 0; i < 20; i++) {
        http.send(chunk);
        assertThat(requests().used()).isLessThan(64 * KB);
      }
      assertThat(http.send("0\r\n\r\n").next().line()).isEqualTo("404 Unknown app id 99");
      assertThat(http.send(RawHttp.request("GET", "/live", "")).next().status()).isEqualTo(200);
    }
  }

  @Test
  void noContinuationIsSentForAForgedRequest() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String target = forged("401 Invalid signature");
      http.send(
          RawHttp.request(
              "POST", target, "", "Expect: 100-continue", "Content-Length: " + EVENT.length()));
      assertThat(http.next().line()).startsWith("401 Invalid signature");
      assertThat(http.isEnded()).isTrue();
    }
  }

  @Test
  void aSignedBodyMayArriveInPieces() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String body = padded(900 * KB);
      String request = RawHttp.signed(APP, "POST", "/events", body);
      for (int i = 0; i < 2; i++) {
        http.send(request.substring(0, 200 * KB));
        awaitUsed(1);
        assertThat(http.send(request.substring(200 * KB)).next().line()).isEqualTo("200 {}");
      }
      assertThat(requests().used()).isZero();
    }
  }

  /// A body in segments of one byte must not hold a read buffer for each of them.
  @Test
  void smallSegmentsHoldNoMoreThanTheirBytes() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String request = RawHttp.signed(APP, "POST", "/events", padded(2_000));
      int head = request.length() - 2_000;
      http.send(request.substring(0, head));
      for (int i = head; i < request.length() - 1; i++) {
        http.send(request.substring(i, i + 1));
      }
      awaitUsed(1);
      assertThat(requests().used()).isLessThan(8 * KB);
      assertThat(http.send(" ").next().line()).isEqualTo("200 {}");
    }
  }

  @Test
  void theRequestThatHoldsMostIsCutFirst() throws IOException {
    try (RawHttp greedy = sent(1_000 * KB, 990 * KB);
        RawHttp modest = sent(100 * KB, 50 * KB)) {
      awaitUsed(1_050 * KB);
      try (RawHttp late = sent(900 * KB, 700 * KB)) {
        Answer cut = greedy.next();
        assertThat(cut.status()).isEqualTo(503);
        assertThat(cut.reason()).matches(USED_UP + "this connection held the most, \\d+ bytes");
        assertThat(cut.header("Connection")).isEqualTo("close");
        assertThat(modest.send(" ".repeat(50 * KB)).next().line()).isEqualTo("200 {}");
        assertThat(late.send(" ".repeat(200 * KB)).next().line()).isEqualTo("200 {}");
      }
    }
    awaitNothingUsed();
    assertThat(requests().refusals()).isLessThan(20);
  }

  @Test
  void smallRequestsPassWhileManyBodiesArePending() throws IOException {
    List<RawHttp> pending = new ArrayList<>();
    try (Api api = new Api(node)) {
      for (int i = 0; i < 60; i++) {
        pending.add(sent(100 * KB, 99 * KB));
        api.publish("c", "e", "x");
      }
      assertThat(requests().used()).isLessThanOrEqualTo(LIMIT);
    } finally {
      for (RawHttp http : pending) {
        http.close();
      }
    }
    awaitNothingUsed();
  }

  @Test
  void theMessageThatHoldsMostIsCutFirst() throws IOException {
    List<RawSocket> sockets = new ArrayList<>();
    try (RawSocket modest = connect()) {
      modest.sendFrame(RawSocket.TEXT, false, new byte[1_000]);
      for (int i = 0; i < 24; i++) {
        RawSocket greedy = connect();
        sockets.add(greedy);
        greedy.sendFrame(RawSocket.TEXT, false, new byte[60 * KB]);
        greedy.sendFrame(RawSocket.CONTINUATION, false, new byte[(40 + i) * KB]);
      }
      Frame close = closed(sockets, RawSocket.frame(0x80, true, new byte[1]));
      assertThat(close.closeCode()).isEqualTo(1009);
      assertThat(close.closeReason()).matches(USED_UP + ".*");
      modest.sendFrame(RawSocket.CONTINUATION, true, new byte[1]);
      assertThat(modest.nextFrame().opcode()).as("still read").isEqualTo(RawSocket.TEXT);
    } finally {
      for (RawSocket socket : sockets) {
        socket.close();
      }
    }
    awaitNothingUsed();
  }

  /// The close frame of one of these sockets that was closed.
  ///
  /// @param rest completes the message of the others
  private Frame closed(List<RawSocket> sockets, byte[] rest) throws IOException {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests().isTight()).isFalse());
    for (RawSocket socket : sockets.reversed()) {
      socket.send(rest);
      Frame frame = socket.nextFrame();
      if (frame.opcode() == RawSocket.CLOSE) {
        return frame;
      }
    }
    throw new AssertionError("no socket was closed");
  }

  @Test
  void halfFramesCountToo() throws IOException {
    List<RawSocket> sockets = new ArrayList<>();
    byte[] frame = RawSocket.frame(0x81, true, new byte[120 * KB]);
    byte[] half = Arrays.copyOf(frame, frame.length - 1);
    try (Api api = new Api(node)) {
      for (int i = 0; i < 24; i++) {
        RawSocket socket = connect();
        sockets.add(socket);
        socket.send(half);
        api.publish("c", "e", "x");
      }
      assertThat(closed(sockets, new byte[] {frame[frame.length - 1]}).closeCode()).isEqualTo(1009);
      assertThat(requests().used()).isLessThanOrEqualTo(LIMIT);
    } finally {
      for (RawSocket socket : sockets) {
        socket.close();
      }
    }
    awaitNothingUsed();
  }

  /// Parsed headers live on the heap and take many times their bytes.
  @Test
  void halfHeadsCountWhatTheirHeadersTake() throws IOException {
    List<RawHttp> pending = new ArrayList<>();
    try (Api api = new Api(node)) {
      for (int i = 0; i < 16; i++) {
        RawHttp http = new RawHttp(node.port());
        pending.add(http);
        http.send("GET /live HTTP/1.1\r\nHost: a\r\n" + "a:b\r\n".repeat(2_000));
        api.publish("c", "e", "x");
      }
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests().refusals()).isPositive());
      assertThat(requests().used()).isLessThanOrEqualTo(LIMIT);
    } finally {
      for (RawHttp http : pending) {
        http.close();
      }
    }
    awaitNothingUsed();
  }

  /// The start of a TLS record of 16 KiB, which should be the client's first message.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void halfRecordsOfTlsCountToo(TlsOptions.Engine engine, @TempDir Path folder) throws Exception {
    Authority authority = Authority.in(folder).issue("ec");
    try (TestNode secure =
        TestNode.start(
            TestNode.PARTS
                .withServer(TestNode.options(0).withTls(authority.options("ec").withEngine(engine)))
                .withLedger(LedgerOptions.DERIVED.withRequestMemoryBytes(100 * KB)),
            FanfareServer.Clocks.SYSTEM,
            ServerListener.NONE,
            APP)) {
      Share requests = secure.server().ledger().requests();
      List<RawSocket> pending = new ArrayList<>();
      byte[] part = new byte[12_000];
      System.arraycopy(new byte[] {22, 3, 1, 0x3f, 0x00}, 0, part, 0, 5);
      try {
        for (int i = 0; i < 12; i++) {
          RawSocket socket = new RawSocket(secure.port());
          pending.add(socket);
          socket.send(part);
          if (i == 0) {
            await()
                .atMost(PATIENCE)
                .untilAsserted(
                    () -> assertThat(requests.used()).isGreaterThanOrEqualTo(part.length));
          }
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests.refusals()).isPositive());
        assertThat(requests.used()).isLessThanOrEqualTo(requests.limit());
        try (RawSocket client = new RawSocket(authority.connect(secure.port(), "TLSv1.3"))) {
          client.send(RawHttp.signed(APP, "POST", "/events", EVENT));
          assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        }
      } finally {
        for (RawSocket socket : pending) {
          socket.close();
        }
      }
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(requests.used()).isZero());
    }
  }

  @Test
  void aWrongSecretIsRefusedWhileALongBodyIsSent() throws IOException {
    App guess = new App(APP.id(), APP.key(), new Secret("a guess"), APP.options(), APP.limits());
    try (Api api = new Api(node.port(), guess)) {
      assertThat(api.post("/events", padded(1_000_000)).statusCode()).isEqualTo(401);
    }
  }
}
