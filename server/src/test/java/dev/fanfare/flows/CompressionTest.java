package dev.fanfare.flows;

import static dev.fanfare.testing.RawSocket.BINARY;
import static dev.fanfare.testing.RawSocket.CONTINUATION;
import static dev.fanfare.testing.RawSocket.PING;
import static dev.fanfare.testing.RawSocket.PONG;
import static dev.fanfare.testing.RawSocket.TEXT;
import static dev.fanfare.testing.RawSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.testing.Zlib;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `permessage-deflate` (RFC 7692) on the wire. [RawSocket] itself fails on a compressed frame that
/// was not negotiated.
final class CompressionTest {

  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final String APP_PING = "{\"event\":\"pusher:ping\"}";
  private static final String APP_PONG = "{\"event\":\"pusher:pong\",\"data\":\"{}\"}";
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int RSV2 = 0x20;
  private static final int RSV3 = 0x10;

  private static TestNode node;
  private static Api api;
  private static ErrorLog errors;

  @BeforeAll
  static void start() {
    errors = ErrorLog.open();
    node = TestNode.start(TestNode.COMPRESSING_APP);
    api = new Api(node);
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
    errors.close();
    assertThat(errors.lines()).isEmpty();
  }

  // The handshake

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permessage-deflate; client_max_window_bits  | permessage-deflate; server_no_context_takeover; client_no_context_takeover
          permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15
          """)
  void aSupportedOfferIsAccepted(String offer, String answer) throws IOException {
    assertThat(headFor(node, "Sec-WebSocket-Extensions: " + offer))
        .startsWith("HTTP/1.1 101 ")
        .containsIgnoringCase("\r\nsec-websocket-extensions: " + answer + "\r\n");
  }

  @Test
  void withoutASupportedOfferTheResponseHasNoExtensions() throws IOException {
    assertThat(headFor(node))
        .startsWith("HTTP/1.1 101 ")
        .doesNotContainIgnoringCase("sec-websocket-extensions");
    assertThat(headFor(node, OFFER + "; server_max_window_bits=9"))
        .startsWith("HTTP/1.1 101 ")
        .doesNotContainIgnoringCase("sec-websocket-extensions");
  }

  @Test
  void anAppWithoutCompressionDoesNotCompress() throws IOException {
    try (TestNode plain = TestNode.start()) {
      assertThat(headFor(plain, OFFER))
          .startsWith("HTTP/1.1 101 ")
          .doesNotContainIgnoringCase("sec-websocket-extensions");
    }
  }

  // From the server

  @Test
  @Tag("one-node")
  void allSubscribersGetTheSameTextsCompressedOrNot() throws IOException {
    try (RawSocket plainOne = node.connect();
        RawSocket plainTwo = node.connect();
        RawSocket deflatedOne = connectCompressed();
        RawSocket deflatedTwo = connectCompressed()) {
      RawSocket[] all = {plainOne, deflatedOne, plainTwo, deflatedTwo};
      for (RawSocket socket : all) {
        subscribe(socket, "mixed");
      }
      String large = "Gr\u00fc\u00dfe ".repeat(500);
      api.publish("mixed", "large", large);
      api.publish("mixed", "small", "x");
      for (RawSocket socket : all) {
        RawSocket.Frame frame = nextEvent(socket, "large");
        assertThat(frame.text())
            .isEqualTo("{\"event\":\"large\",\"channel\":\"mixed\",\"data\":\"" + large + "\"}");
        boolean compresses = socket == deflatedOne || socket == deflatedTwo;
        assertThat(frame.deflated()).isEqualTo(compresses);
        if (compresses) {
          assertThat(frame.payload()).hasSizeLessThan(200);
        }
        RawSocket.Frame small = nextEvent(socket, "small");
        assertThat(small.deflated()).isFalse();
        assertThat(small.text())
            .isEqualTo("{\"event\":\"small\",\"channel\":\"mixed\",\"data\":\"x\"}");
      }
    }
  }

  @Test
  void manyEventsKeepTheirOrderInBothForms() throws IOException {
    try (RawSocket sender = node.connect();
        RawSocket plain = node.connect();
        RawSocket deflated = connectCompressed()) {
      for (RawSocket socket : new RawSocket[] {sender, plain, deflated}) {
        socket.subscribePrivate(TestNode.APP, "private-many");
        socket.nextTextContaining("subscription_succeeded");
      }
      ByteArrayOutputStream burst = new ByteArrayOutputStream();
      for (int i = 0; i < 10; i++) {
        String data = "\"" + (i + ";").repeat(1 + i % 3 * 200) + "\"";
        burst.writeBytes(
            frame(
                FIN | TEXT,
                true,
                utf8(
                    "{\"event\":\"client-e\",\"channel\":\"private-many\",\"data\":"
                        + data
                        + "}")));
      }
      sender.send(burst.toByteArray());
      for (int i = 0; i < 10; i++) {
        String text = nextEvent(plain, "client-e").text();
        assertThat(text).contains("\"data\":\"" + i + ";");
        assertThat(nextEvent(deflated, "client-e").text()).isEqualTo(text);
      }
    }
  }

  @Test
  void anExcludedSocketIsExcludedInBothForms() throws IOException {
    try (RawSocket plain = node.connect();
        RawSocket deflated = connectCompressed()) {
      subscribe(plain, "excluded");
      subscribe(deflated, "excluded");
      publishExcept("excluded", plain.socketId(), "not-for-plain");
      publishExcept("excluded", deflated.socketId(), "not-for-deflated");
      publishExcept("excluded", "1.1", "for-both");
      assertThat(nextEvent(plain, "not-for").text()).contains("not-for-deflated");
      assertThat(plain.nextText()).contains("for-both");
      assertThat(nextEvent(deflated, "not-for").text()).contains("not-for-plain");
      RawSocket.Frame last = deflated.nextFrame();
      assertThat(last.text()).contains("for-both");
      assertThat(last.deflated()).isTrue();
    }
  }

  // From the client

  @Test
  void aCompressedMessageIsRead() throws IOException {
    try (RawSocket socket = connectCompressed()) {
      for (int i = 0; i < 3; i++) {
        socket.sendDeflated(APP_PING);
        assertThat(socket.nextText()).isEqualTo(APP_PONG);
        socket.sendText(APP_PING);
        assertThat(socket.nextText()).isEqualTo(APP_PONG);
      }
    }
  }

  @Test
  void aCompressedMessageMayBeFragmentedWithPingsInBetween() throws IOException {
    byte[] payload = Zlib.deflate(utf8(APP_PING));
    try (RawSocket socket = connectCompressed()) {
      socket.send(frame(RSV1 | TEXT, true, new byte[0]));
      for (byte b : payload) {
        socket.sendFrame(CONTINUATION, false, new byte[] {b});
        socket.sendFrame(PING, true, new byte[] {b});
        assertThat(socket.nextFrame().opcode()).isEqualTo(PONG);
      }
      socket.sendFrame(CONTINUATION, true, new byte[0]);
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
      socket.sendFrame(TEXT, false, utf8(APP_PING.substring(0, 9)));
      socket.sendFrame(CONTINUATION, true, utf8(APP_PING.substring(9)));
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
    }
  }

  /// 131072 bytes are allowed, however few compressed bytes they take.
  @Test
  void theLimitAppliesToTheInflatedMessage() throws IOException {
    String longest = APP_PING + " ".repeat(131_072 - APP_PING.length());
    try (RawSocket socket = connectCompressed()) {
      socket.sendDeflated(longest);
      assertThat(socket.nextText()).isEqualTo(APP_PONG);
      socket.sendDeflated(longest + " ");
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).isEqualTo(1009);
      assertThat(close.closeReason())
          .isEqualTo(
              "The message has at least 131073 bytes, the limit is 131072 (max_message_bytes)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "06, Invalid compressed data: invalid block type",
    "f248cdc9, Invalid compressed data: invalid stored block lengths",
    "0064009bff4865, Invalid compressed data: truncated",
    "000100feffff00, Text messages must be UTF-8"
  })
  void corruptDataIsClosedWith1007AndAffectsNoOtherConnection(String hex, String reason)
      throws IOException {
    try (RawSocket socket = connectCompressed();
        RawSocket split = connectCompressed();
        RawSocket neighbour = connectCompressed()) {
      byte[] payload = HexFormat.of().parseHex(hex);
      socket.send(frame(FIN | RSV1 | TEXT, true, payload));
      split.send(frame(RSV1 | TEXT, true, Arrays.copyOf(payload, 1)));
      split.sendFrame(CONTINUATION, true, Arrays.copyOfRange(payload, 1, payload.length));
      for (RawSocket one : new RawSocket[] {socket, split}) {
        RawSocket.Frame close = one.nextFrame();
        assertThat(close.closeCode()).isEqualTo(1007);
        assertThat(close.closeReason()).isEqualTo(reason);
      }
      neighbour.sendDeflated(APP_PING);
      assertThat(neighbour.nextText()).isEqualTo(APP_PONG);
    }
  }

  static Stream<Arguments> violations() {
    byte[] deflated = Zlib.deflate(utf8(APP_PING));
    byte[] start = frame(RSV1 | TEXT, true, deflated);
    return Stream.of(
        arguments("RSV2", frame(FIN | RSV2 | TEXT, true, deflated)),
        arguments("RSV3", frame(FIN | RSV3 | TEXT, true, deflated)),
        arguments("RSV1 and RSV2", frame(FIN | RSV1 | RSV2 | TEXT, true, deflated)),
        arguments("a compressed ping", frame(FIN | RSV1 | PING, true, new byte[0])),
        arguments("a compressed pong", frame(FIN | RSV1 | PONG, true, new byte[0])),
        arguments("a compressed close", frame(FIN | RSV1 | RawSocket.CLOSE, true, new byte[0])),
        arguments(
            "RSV1 on the second fragment", join(start, frame(FIN | RSV1, true, new byte[0]))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void aReservedBitInAWrongPlaceIsClosedWith1002(String what, byte[] bytes) throws IOException {
    try (RawSocket socket = connectCompressed()) {
      socket.send(bytes);
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).as(what).isEqualTo(1002);
      assertThat(close.closeReason()).startsWith("Reserved bits that mean nothing here: ");
      socket.sendDeflated(APP_PING);
      socket.endOutput();
      assertThat(socket.rest()).isEmpty();
    }
  }

  @Test
  void aCompressedMessageThatWasNotAgreedOnIsClosedWith1002() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendDeflated(APP_PING);
      assertThat(socket.nextFrame().closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void compressedBinaryIsClosedWith1003() throws IOException {
    try (RawSocket socket = connectCompressed()) {
      socket.send(frame(FIN | RSV1 | BINARY, true, new byte[0]));
      assertThat(socket.nextFrame().closeCode()).isEqualTo(1003);
    }
  }

  private static RawSocket connectCompressed() throws IOException {
    return RawSocket.established(node.port(), node.app().key(), OFFER);
  }

  private static void subscribe(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
  }

  /// The next frame whose event name has this prefix; subscription counts are skipped.
  private static RawSocket.Frame nextEvent(RawSocket socket, String event) throws IOException {
    while (true) {
      RawSocket.Frame frame = socket.nextFrame();
      if (frame.text().startsWith("{\"event\":\"" + event)) {
        return frame;
      }
    }
  }

  private static void publishExcept(String channel, String socketId, String event)
      throws IOException {
    String body =
        "{\"name\":\"%s\",\"channel\":\"%s\",\"socket_id\":\"%s\",\"data\":\"%s\"}"
            .formatted(event, channel, socketId, "long enough ".repeat(30));
    assertThat(api.post("/events", body).statusCode()).isEqualTo(200);
  }

  private static String headFor(TestNode where, String... headers) throws IOException {
    try (RawSocket socket = new RawSocket(where.port())) {
      socket.sendHandshake("/app/" + where.app().key() + "?protocol=7", headers);
      return socket.readHead();
    }
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
