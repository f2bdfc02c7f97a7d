package dev.fanfare.flows;

import static dev.fanfare.testing.RawSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each kind of hostile frame and its literal answer. [HostileInputTest] throws them by the
/// thousand and observes other clients.
final class BadFramesTest {

  private static final byte[] APP_PING = utf8("{\"event\":\"pusher:ping\"}");
  private static final int FIN = 0x80;
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;

  private static TestNode node;
  private static ErrorLog errors;

  @BeforeAll
  static void start() {
    errors = ErrorLog.open();
    // The clock stands still, so that no socket is closed by the close timeout.
    node = TestNode.start(new ManualClock(), TestNode.APP);
  }

  @AfterAll
  static void stop() {
    node.close();
    errors.close();
    assertThat(errors.lines()).isEmpty();
  }

  static Stream<Arguments> violations() {
    return Stream.of(
            Stream.of(
                arguments("an unmasked frame", frame(TEXT, false, APP_PING)),
                arguments("an unmasked close", frame(CLOSE, false, new byte[0])),
                arguments("a fragmented ping", frame(0x09, true, new byte[1])),
                arguments("a fragmented close", frame(0x08, true, new byte[0])),
                arguments("a ping of 126 bytes", frame(PING, true, new byte[126])),
                arguments("a pong of 126 bytes", frame(0x8a, true, new byte[126])),
                arguments("a close of 126 bytes", closeOf(1000, "x".repeat(124))),
                arguments("a close with half a code", frame(CLOSE, true, new byte[] {3})),
                arguments("a continuation of nothing", frame(0x80, true, APP_PING)),
                arguments("a fragment of nothing", frame(0x00, true, APP_PING)),
                arguments("a text inside a text", twoFrames(0x01, TEXT)),
                arguments("a text inside a text, both in fragments", twoFrames(0x01, 0x01)),
                arguments("a 16-bit length that needs 7", hex("81fe00180000000000")),
                arguments("a 64-bit length that needs 7", hex("81ff000000000000001800000000")),
                arguments("a 64-bit length that needs 16", hex("81ff000000000000ffff00000000")),
                arguments("a negative length", hex("81ffffffffffffffffff00000000"))),
            IntStream.of(0x40, 0x20, 0x10, 0x70)
                .mapToObj(
                    bits -> arguments("reserved bits " + bits, frame(TEXT | bits, true, APP_PING))),
            IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
                .mapToObj(
                    opcode -> arguments("opcode " + opcode, frame(FIN | opcode, true, APP_PING))),
            IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535)
                .mapToObj(code -> arguments("close code " + code, closeOf(code, "x"))))
        .flatMap(s -> s);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void aProtocolViolationIsClosedWith1002AndAReason(String what, byte[] bytes) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.send(bytes);
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).as(what).isEqualTo(1002);
      assertThat(close.closeReason()).isNotBlank().doesNotContain("getStatus");
      // TCP ends at once, without the client's close frame (RFC 6455 section 7.1.1), but what still
      // arrives does not reset the socket.
      assertThat(socket.rest()).isEmpty();
      socket.send(frame(TEXT, true, APP_PING));
    }
  }

  @Test
  void aBadCloseFrameIsRefusedWithAReason() throws IOException {
    try (RawSocket code = node.connect();
        RawSocket half = node.connect()) {
      code.send(closeOf(1005, "x"));
      assertThat(code.nextFrame().closeReason()).isEqualTo("Invalid close code 1005");
      half.send(frame(CLOSE, true, new byte[] {3}));
      assertThat(half.nextFrame().closeReason())
          .isEqualTo("A close frame contains a code of 2 bytes or nothing, not 1 byte");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x82, 0x02})
  void binaryIsClosedWith1003(int firstByte) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.send(frame(firstByte, true, APP_PING));
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).isEqualTo(1003);
      assertThat(close.closeReason()).isEqualTo("Binary frames are not part of the protocol");
      assertThat(socket.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c0af", "eda080", "f4908080", "c3", "7b22e282", "80"})
  void textThatIsNotUtf8IsClosedWith1007(String hex) throws IOException {
    try (RawSocket whole = node.connect();
        RawSocket split = node.connect()) {
      whole.send(frame(TEXT, true, hex(hex)));
      split.sendFrame(RawSocket.TEXT, false, utf8("{\"event\":\""));
      split.sendFrame(RawSocket.CONTINUATION, true, hex(hex));
      for (RawSocket socket : new RawSocket[] {whole, split}) {
        RawSocket.Frame close = socket.nextFrame();
        assertThat(close.closeCode()).isEqualTo(1007);
        assertThat(close.closeReason()).isEqualTo("Text messages must be UTF-8");
        assertThat(socket.rest()).isEmpty();
      }
    }
  }

  @Test
  void aCloseReasonThatIsNotUtf8IsClosedWith1007() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.send(frame(CLOSE, true, new byte[] {3, (byte) 0xe8, (byte) 0xff}));
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).isEqualTo(1007);
      assertThat(close.closeReason()).isEqualTo("The close reason must be UTF-8");
      assertThat(socket.rest()).isEmpty();
    }
  }

  /// The frame's header is enough; its 20 MB are then read and discarded.
  @Test
  void twentyMegabytesAreClosedWith1009AtTheHeader() throws IOException {
    try (RawSocket socket = node.connect()) {
      byte[] frame = frame(TEXT, true, new byte[20 << 20]);
      socket.send(Arrays.copyOf(frame, 20));
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).isEqualTo(1009);
      assertThat(close.closeReason()).isEqualTo(tooBig(20 << 20));
      socket.send(Arrays.copyOfRange(frame, 20, frame.length));
      socket.endOutput();
      assertThat(socket.rest()).isEmpty();
    }
  }

  private static String tooBig(int bytes) {
    return "The message has at least " + bytes + " bytes, the limit is 131072 (max_message_bytes)";
  }

  /// The length field arrives byte by byte.
  @Test
  void theLengthOfALongFrameIsReportedHoweverItsHeaderArrives() throws IOException {
    try (RawSocket socket = node.connect()) {
      for (byte b : Arrays.copyOf(frame(TEXT, true, new byte[131_073]), 14)) {
        socket.send(new byte[] {b});
      }
      assertThat(socket.nextFrame().closeReason()).isEqualTo(tooBig(131_073));
    }
  }

  /// Earlier fragments count too.
  @Test
  void theReportedLengthIncludesEarlierFragments() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(RawSocket.TEXT, false, new byte[1_000]);
      socket.send(Arrays.copyOf(frame(0x80, true, new byte[131_073]), 14));
      assertThat(socket.nextFrame().closeReason()).isEqualTo(tooBig(132_073));
    }
  }

  @Test
  void fragmentsThatAddUpToTwentyMegabytesAreClosedWith1009() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(RawSocket.TEXT, false, new byte[65_536]);
      for (int i = 0; i < 320; i++) {
        socket.sendFrame(RawSocket.CONTINUATION, false, new byte[65_536]);
      }
      RawSocket.Frame close = socket.nextFrame();
      assertThat(close.closeCode()).isEqualTo(1009);
      assertThat(close.closeReason()).isEqualTo(tooBig(3 * 65_536));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # None of these closes the connection; [MessageReader]'s own test has the whole list.
          {"event":"pusher:subscribe"}                           | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":null}               | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":{"channel":{}}}     | Expected parameter channel to be a string
          {"event":"pusher:subscribe","data":{}}                 | Invalid subscription: data must contain channel
          {"event":"pusher:unsubscribe"}                         | Expected parameter data to be a hash
          {"event":"pusher:unsubscribe","data":{"channel":"a"}}  | No current subscription to channel a, or subscription in progress
          {"event":"client-x","channel":"private-a","data":{}}   | Cannot broadcast client event (connection not subscribed to channel private-a)
          {"event":"client-x"}                                   | Invalid client event (must contain channel and data)
          {"event":"pusher:connection_established","data":"{}"}  | Unsupported event received on socket: 'pusher:connection_established'
          {"event":"pusher_internal:member_added","channel":"presence-a","data":"{}"} | Unsupported event received on socket: 'pusher_internal:member_added'
          {"event":7}                                            | Expected parameter event to be a string
          null                                                   | Expected a JSON object
          []                                                     | Expected a JSON object
          ``                                                     | Expected a JSON object
          """)
  void invalidMessagesGetAnErrorAndTheConnectionStays(String message, String error)
      throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText(message);
      assertThat(socket.nextText()).isEqualTo(ErrorFrames.error("null", error));
      socket.expectNothing();
    }
  }

  @ParameterizedTest
  @CsvSource({"[,]", "{\"a\":,}"})
  void twentyThousandLevelsOfNestingGetAnErrorAnywhere(String open, String close)
      throws IOException {
    String deep = open.repeat(20_000) + "1" + close.repeat(20_000);
    try (RawSocket socket = node.connect()) {
      for (String message :
          new String[] {
            deep,
            "{\"event\":\"client-x\",\"channel\":\"a\",\"data\":" + deep + "}",
            "{\"event\":\"pusher:subscribe\",\"data\":" + deep + "}",
            "{\"x\":" + deep + ",\"event\":\"pusher:ping\"}",
          }) {
        socket.sendText(message);
        assertThat(socket.nextText())
            .startsWith("{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"")
            .hasSizeLessThan(300);
      }
      socket.expectNothing();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # channel | type | status | text
          a b       | InvalidChannel | 400 | Invalid channel name 'a b': allowed are letters, digits and _ - = @ , . ;
          ``        | InvalidChannel | 400 | Invalid channel name: it is empty
          private-a | AuthError      | 401 | Auth info required to subscribe to private-a
          """)
  void aRefusedSubscriptionIsReportedInBothForms(
      String channel, String type, int status, String text) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribe(channel);
      assertThat(socket.nextText())
          .isEqualTo(ErrorFrames.subscriptionError(channel, type, text, status));
      assertThat(socket.nextText()).isEqualTo(ErrorFrames.error("null", text));
      socket.expectNothing();
    }
  }

  private static byte[] twoFrames(int first, int second) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(frame(first, true, utf8("{")));
    frames.writeBytes(frame(second, true, APP_PING));
    return frames.toByteArray();
  }

  private static byte[] closeOf(int code, String reason) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(code >> 8);
    payload.write(code);
    payload.writeBytes(utf8(reason));
    return frame(CLOSE, true, payload.toByteArray());
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
