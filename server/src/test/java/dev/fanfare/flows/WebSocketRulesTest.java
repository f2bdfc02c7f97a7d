package dev.fanfare.flows;

import static dev.fanfare.testing.RawSocket.CLOSE;
import static dev.fanfare.testing.RawSocket.CONTINUATION;
import static dev.fanfare.testing.RawSocket.PING;
import static dev.fanfare.testing.RawSocket.PONG;
import static dev.fanfare.testing.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455 with conforming clients. Violations are in [BadFramesTest].
final class WebSocketRulesTest {

  private static final String APP_PING = "{\"event\":\"pusher:ping\"}";
  private static final String APP_PONG = "{\"event\":\"pusher:pong\",\"data\":\"{}\"}";
  private static final int LIMIT = ServerOptions.DEFAULTS.maxMessageBytes();
  private static final int FIN_TEXT = 0x80 | TEXT;
  private static final int FIN_PING = 0x80 | PING;

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  // Fragments (5.4)

  @Test
  void fragmentsOfAnySizeAreOneMessage() throws IOException {
    try (RawSocket socket = node.connect()) {
      byte[] message = utf8(APP_PING);
      socket.sendFrame(TEXT, false, new byte[0]);
      for (byte b : message) {
        socket.sendFrame(CONTINUATION, false, new byte[] {b});
        socket.sendFrame(CONTINUATION, false, new byte[0]);
      }
      socket.sendFrame(CONTINUATION, true, new byte[0]);
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
      socket.expectNothing();
    }
  }

  @Test
  void aFragmentMayEndInsideACharacter() throws IOException {
    try (RawSocket socket = node.connect()) {
      byte[] message = utf8("{\"event\":\"\u00fc\ud83d\ude00\"}");
      for (int cut = 1; cut < message.length; cut++) {
        sendInTwoFragments(socket, message, cut);
        assertThat(socket.nextText())
            .isEqualTo(
                "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":"
                    + "\"Unsupported event received on socket: '\u00fc\ud83d\ude00'\"}}");
      }
    }
  }

  @Test
  void controlFramesBetweenFragmentsAreAnsweredAtOnce() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(TEXT, false, utf8("{\"event\":"));
      socket.sendFrame(PING, true, utf8("one"));
      expectPong(socket, utf8("one"));
      socket.sendFrame(PONG, true, utf8("unasked"));
      socket.sendFrame(CONTINUATION, false, utf8("\"pusher:"));
      socket.sendFrame(PING, true, utf8("two"));
      expectPong(socket, utf8("two"));
      socket.sendFrame(CONTINUATION, true, utf8("ping\"}"));
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
    }
  }

  @Test
  void aCloseBetweenFragmentsEndsTheConnection() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(TEXT, false, utf8("{\"event\":"));
      socket.sendClose(1000, "never mind");
      assertThat(socket.nextClose().closeCode()).isEqualTo(1000);
      assertThat(socket.isEnded()).isTrue();
    }
  }

  // Ping and pong (5.5.2, 5.5.3)

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 124, 125})
  void aPingIsAnsweredWithItsPayload(int length) throws IOException {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) (i * 37);
    }
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(PING, true, payload);
      expectPong(socket, payload);
    }
  }

  @Test
  void pingsInOneSegmentAreAnsweredInOrderBeforeLaterMessages() throws IOException {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    for (byte i = 0; i < 100; i++) {
      segment.writeBytes(RawSocket.frame(FIN_PING, true, new byte[] {i}));
    }
    segment.writeBytes(RawSocket.frame(FIN_TEXT, true, utf8(APP_PING)));
    try (RawSocket socket = node.connect()) {
      socket.send(segment.toByteArray());
      for (byte i = 0; i < 100; i++) {
        expectPong(socket, new byte[] {i});
      }
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
    }
  }

  @Test
  void anUnsolicitedPongIsIgnored() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(PONG, true, utf8("hello"));
      socket.sendFrame(PONG, true, new byte[0]);
      socket.expectNothing();
    }
  }

  // Lengths and masks (5.2, 5.3)

  /// Around every change of the length field, up to the largest message there may be.
  @ParameterizedTest
  @ValueSource(ints = {30, 125, 126, 127, 128, 65_535, 65_536, 65_537, 131_071, 131_072})
  void messagesOfEveryLengthFieldAreRead(int length) throws IOException {
    assertThat(length).isLessThanOrEqualTo(LIMIT);
    try (RawSocket socket = node.connect()) {
      socket.sendText(pingOf(length));
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
      sendInTwoFragments(socket, utf8(pingOf(length)), length / 2);
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 65536", "3, 65537", "1000, 132"})
  void oneByteAboveTheLimitIsRefusedInAnyNumberOfFragments(int fragments, int size)
      throws IOException {
    try (RawSocket socket = node.connect()) {
      byte[] message = utf8(pingOf(LIMIT + 1));
      int sent = 0;
      for (int i = 0; i < fragments - 1; i++) {
        int end = Math.min(sent + size, LIMIT);
        sendFragment(socket, message, sent, end);
        sent = end;
      }
      sendFragment(socket, message, sent, message.length);
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).isEqualTo(1009);
      assertThat(close.closeReason())
          .isEqualTo(
              "The message has at least 131073 bytes, the limit is 131072 (max_message_bytes)");
    }
  }

  /// The announced length and what has arrived before do not fit into one number.
  @Test
  void theLongestFrameIsRefusedWithItsLength() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(RawSocket.TEXT, false, utf8("x"));
      socket.send(HexFormat.of().parseHex("80ff7fffffffffffffff00000000"));
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).isEqualTo(1009);
      assertThat(close.closeReason())
          .isEqualTo(
              "The message has at least 9223372036854775807 bytes,"
                  + " the limit is 131072 (max_message_bytes)");
    }
  }

  /// The server's own frames use the shortest length field too, and no mask; the reader checks.
  @ParameterizedTest
  @ValueSource(ints = {1, 60, 200, 65_400, 66_000})
  void theServersFramesHaveEveryLengthField(int length) throws IOException {
    String text = "x".repeat(length);
    try (RawSocket socket = node.connect()) {
      socket.signIn(node.app(), "{\"id\":\"u\",\"x\":\"" + text + "\"}");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:signin_success\",\"data\":\"{\\\"user_data\\\":\\\"{\\\\\\\"id"
                  + "\\\\\\\":\\\\\\\"u\\\\\\\",\\\\\\\"x\\\\\\\":\\\\\\\""
                  + text
                  + "\\\\\\\"}\\\"}\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 0x7f7f7f7f, 0xffffffff, 0x22000000})
  void anyMaskIsAccepted(int mask) throws IOException {
    byte[] payload = utf8(APP_PING);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(FIN_TEXT);
    frame.write(0x80 | payload.length);
    for (int i = 0; i < 4; i++) {
      frame.write(mask >>> (24 - 8 * i));
    }
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ (mask >>> (24 - 8 * (i % 4))));
    }
    try (RawSocket socket = node.connect()) {
      socket.send(frame.toByteArray());
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
    }
  }

  // TCP does not preserve frame boundaries

  @Test
  void aFrameMayArriveByteByByte() throws IOException {
    try (RawSocket socket = node.connect()) {
      for (byte b : RawSocket.frame(FIN_TEXT, true, utf8(pingOf(300)))) {
        socket.send(new byte[] {b});
      }
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
    }
  }

  @Test
  void manyFramesMayArriveInOneSegment() throws IOException {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    for (int i = 0; i < 500; i++) {
      segment.writeBytes(RawSocket.frame(FIN_TEXT, true, utf8("{\"event\":\"e" + i + "\"}")));
    }
    try (RawSocket socket = node.connect()) {
      socket.send(segment.toByteArray());
      for (int i = 0; i < 500; i++) {
        assertThat(socket.nextText()).contains("'e" + i + "'");
      }
    }
  }

  /// Swift clients and load generators send the first frames together with the handshake.
  @Test
  void framesMayArriveTogetherWithTheHandshake() throws IOException {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(RawSocket.frame(FIN_TEXT, true, utf8(APP_PING)));
    frames.writeBytes(RawSocket.frame(FIN_PING, true, utf8("x")));
    byte[] next = RawSocket.frame(FIN_TEXT, true, utf8(APP_PING));
    frames.write(next, 0, 5);
    String key = node.app().key();
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.sendHandshakeAnd("/app/" + key + "?protocol=7", frames.toByteArray());
      assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(socket.nextText()).contains("pusher:connection_established");
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
      expectPong(socket, utf8("x"));
      socket.send(Arrays.copyOfRange(next, 5, next.length));
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
    }
  }

  // Closing (5.5.1, 7)

  @ParameterizedTest
  @CsvSource({"1000, bye", "1000, ''", "1001, gone \u2713", "1011, oops", "3000, x", "4999, y"})
  void aCloseIsEchoedAndThenTheServerEndsTcp(int code, String reason) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendClose(code, reason);
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat(close.closeCode()).isEqualTo(code);
      assertThat(close.closeReason()).isEqualTo(reason);
      assertThat(socket.isEnded()).isTrue();
    }
  }

  @Test
  void aCloseWithoutACodeIsAnsweredWithoutOne() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(CLOSE, true, new byte[0]);
      assertThat(socket.nextFrame().payload()).isEmpty();
      assertThat(socket.isEnded()).isTrue();
    }
  }

  @Test
  void nothingAfterACloseIsAnswered() throws IOException {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(RawSocket.frame(0x80 | CLOSE, true, new byte[] {3, (byte) 0xe8}));
    segment.writeBytes(RawSocket.frame(FIN_TEXT, true, utf8(APP_PING)));
    segment.writeBytes(RawSocket.frame(FIN_PING, true, utf8("x")));
    try (RawSocket socket = node.connect()) {
      socket.send(segment.toByteArray());
      assertThat(socket.nextFrame().closeCode()).isEqualTo(1000);
      assertThat(socket.rest()).isEmpty();
    }
  }

  @Test
  void theServersCloseWaitsForOursAndThenTcpEnds() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(RawSocket.BINARY, true, new byte[] {1});
      assertThat(socket.nextFrame().closeCode()).isEqualTo(1003);
      socket.sendText(APP_PING);
      socket.sendClose(1003, "");
      assertThat(socket.rest()).isEmpty();
    }
  }

  @Test
  @Tag("one-node")
  void aTcpEndWithoutACloseFrameClosesTheConnection() throws IOException {
    try (TestNode own = TestNode.start();
        RawSocket socket = own.connect()) {
      assertThat(own.server().connections(own.app())).isEqualTo(1);
      socket.endOutput();
      await("the server forgets a connection whose TCP ended")
          .atMost(Duration.ofSeconds(5))
          .until(() -> own.server().connections(own.app()) == 0);
    }
  }

  private static void expectPong(RawSocket socket, byte[] payload) throws IOException {
    RawSocket.Frame frame = socket.nextFrame();
    assertThat(frame.opcode()).isEqualTo(PONG);
    assertThat(frame.payload()).isEqualTo(payload);
  }

  private static void sendInTwoFragments(RawSocket socket, byte[] message, int cut)
      throws IOException {
    sendFragment(socket, message, 0, cut);
    sendFragment(socket, message, cut, message.length);
  }

  private static void sendFragment(RawSocket socket, byte[] message, int from, int to)
      throws IOException {
    socket.sendFrame(
        from == 0 ? TEXT : CONTINUATION,
        to == message.length,
        Arrays.copyOfRange(message, from, to));
  }

  /// A `pusher:ping` of exactly so many bytes.
  private static String pingOf(int length) {
    String start = "{\"event\":\"pusher:ping\",\"x\":\"";
    return length < start.length() + 2
        ? APP_PING + " ".repeat(length - APP_PING.length())
        : start + "x".repeat(length - start.length() - 2) + "\"}";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
