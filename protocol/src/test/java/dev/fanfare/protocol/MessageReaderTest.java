package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.ClientMessage.InvalidSignIn;
import dev.fanfare.protocol.ClientMessage.Malformed;
import dev.fanfare.protocol.ClientMessage.Ping;
import dev.fanfare.protocol.ClientMessage.Pong;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.ClientMessage.Unsubscribe;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages of real clients, byte for byte, and invalid messages of all kinds.
final class MessageReaderTest {

  /// Sections 1.4 and 10: the form and its whitespace differ between clients.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"pusher:ping\",\"data\":{}}", // pusher-js
        "{\"event\": \"pusher:ping\"}", // Java, with the blank
        "{\"event\":\"pusher:ping\",\"data\":\"{}\"}",
        "{\"event\":\"pusher:ping\",\"data\":\"\"}",
        "{\"event\":\"pusher:ping\",\"data\":null}",
        "{\"data\":[1,2],\"event\":\"pusher:ping\"}",
      })
  void aPingNeedsNoData(String frame) {
    assertThat(read(frame)).isEqualTo(new Ping());
  }

  @Test
  void anUnsolicitedPongIsAccepted() {
    assertThat(read("{\"event\":\"pusher:pong\",\"data\":{}}")).isEqualTo(new Pong());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          # Section 2.2. pusher-js sends an empty auth for public channels, Java and Swift none.
          {"event":"pusher:subscribe","data":{"auth":"","channel":"my-channel"}}        | my-channel | `` | -
          {"event":"pusher:subscribe","data":{"channel":"my-channel"}}                  | my-channel | -  | -
          {"event":"pusher:subscribe","data":{"auth":"KEY:HEX","channel":"private-x"}}  | private-x  | KEY:HEX | -
          {"event":"pusher:subscribe","data":{"auth":"","channel":"#server-to-user-7"}} | #server-to-user-7 | `` | -
          # channel_data is a string and stays exactly the string that was signed.
          {"event":"pusher:subscribe","data":{"auth":"K:S","channel_data":"{\\"user_id\\": 10}","channel":"presence-x"}} | presence-x | K:S | {"user_id": 10}
          {"event":"pusher:subscribe","data":{"auth":"K:S","channel_data":"","channel":"private-x"}} | private-x | K:S | ``
          # JSON null counts as absent, unknown keys are ignored, order does not matter.
          {"event":"pusher:subscribe","data":{"channel":"c","auth":null,"channel_data":null}} | c | - | -
          {"data":{"channel":"c","x":{"channel":"d"}},"y":[{}],"event":"pusher:subscribe"}    | c | - | -
          {"event":"pusher:subscribe","channel":"d","data":{"channel":"c"}}                   | c | - | -
          # Some clients double-encode data (section 1.3, rule 4).
          {"event":"pusher:subscribe","data":"{\\"channel\\":\\"c\\",\\"auth\\":\\"K:S\\"}"} | c | K:S | -
          {"event":"pusher:subscribe","data":" \\n{\\"channel\\":\\"c\\"} "}                 | c | - | -
          # Escapes are decoded, also in field names.
          {"event":"pusher:subscribe","data":{"ch\\u0061nnel":"\\u0063"}}                    | c | - | -
          """)
  void aSubscriptionIsReadAsSent(
      String frame, String channel, @Nullable String auth, @Nullable String channelData) {
    assertThat(read(frame)).isEqualTo(new Subscribe(channel, auth, channelData));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"my-channel\"}}",
        "{\"event\":\"pusher:unsubscribe\",\"data\":\"{\\\"channel\\\":\\\"my-channel\\\"}\"}",
      })
  void anUnsubscriptionNamesItsChannel(String frame) {
    assertThat(read(frame)).isEqualTo(new Unsubscribe("my-channel"));
  }

  @Test
  void aSignInKeepsExactlyTheSignedString() {
    String userData = "{\"id\":\"12345\", \"watchlist\":[\"a\"]}";
    String quoted = userData.replace("\"", "\\\"");
    String data = "{\"auth\":\"KEY:HEX\",\"user_data\":\"" + quoted + "\"}";
    assertThat(read("{\"event\":\"pusher:signin\",\"data\":" + data + "}"))
        .isEqualTo(new SignIn("KEY:HEX", userData));
  }

  static Stream<Arguments> relayedData() {
    return Stream.of(
        arguments("an object, from pusher-js", "{\"a\":1}", "{\"a\":1}"),
        arguments("a string, from Java and Flutter", "\"{\\\"a\\\":1}\"", "{\"a\":1}"),
        arguments("a string that is not JSON", "\"hello\"", "hello"),
        arguments("an empty string", "\"\"", ""),
        arguments(
            "whitespace outside of strings is removed",
            "{ \"a\" :\t[ 1 ,\"b c\" ] }",
            "{\"a\":[1,\"b c\"]}"),
        arguments("whitespace inside a string is kept", "\"{ }\"", "{ }"),
        arguments("null", "null", "null"),
        arguments("a boolean", "true", "true"),
        arguments("an array", "[1,\"two\",null,{}]", "[1,\"two\",null,{}]"),
        arguments("a big integer", "12345678901234567890123", "12345678901234567890123"),
        arguments(
            "a decimal that no double can represent",
            "[0.10000000000000000555,1E5,-0.0]",
            "[0.10000000000000000555,1E5,-0.0]"),
        arguments("an exponent that must not be expanded", "1e999999999", "1e999999999"),
        arguments(
            "repeated keys and their order",
            "{\"b\":1,\"a\":2,\"b\":3}",
            "{\"b\":1,\"a\":2,\"b\":3}"),
        arguments(
            "text beyond ASCII",
            "{\"s\":\"gr\\u00fc\u00df\ud83d\ude00\"}",
            "{\"s\":\"gr\u00fc\u00df\ud83d\ude00\"}"),
        arguments(
            "escapes that must stay",
            "{\"s\":\"\\\"\\\\\\n\\u0001/\"}",
            "{\"s\":\"\\\"\\\\\\n\\u0001/\"}"));
  }

  /// Section 1.3, rule 2: a string passes unchanged, any other value is serialized once, numbers as
  /// sent.
  @ParameterizedTest(name = "{0}")
  @MethodSource("relayedData")
  void aClientEventCarriesAString(String what, String sent, String relayed) {
    String frame = "{\"event\":\"client-x\",\"channel\":\"private-x\",\"data\":" + sent + "}";
    assertThat(read(frame)).as(what).isEqualTo(new ClientEvent("client-x", "private-x", relayed));
  }

  @Test
  void dataMayPrecedeTheEventAndTheLastOneIsUsed() {
    assertThat(read("{\"data\":{},\"channel\":\"a\",\"event\":\"client-x\",\"data\":\"two\"}"))
        .isEqualTo(new ClientEvent("client-x", "a", "two"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # The texts are those of the hosted service where known (section 1.6).
          {"event":"pusher:subscribe"}                               | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":null}                   | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":"my-channel"}           | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":""}                     | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":[]}                     | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":"[]"}                   | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":7}                      | Expected parameter data to be a hash
          {"event":"pusher:unsubscribe"}                             | Expected parameter data to be a hash
          {"event":"pusher:subscribe","data":{}}                     | Invalid subscription: data must contain channel
          {"event":"pusher:subscribe","data":{"channel":null}}       | Invalid subscription: data must contain channel
          {"event":"pusher:unsubscribe","data":{}}                   | Invalid unsubscription: data must contain channel
          {"event":"pusher:subscribe","data":{"channel":7}}          | Expected parameter channel to be a string
          {"event":"pusher:subscribe","data":{"channel":["a"]}}      | Expected parameter channel to be a string
          {"event":"client-x","channel":"private-x"}                 | Invalid client event (must contain channel and data)
          {"event":"client-x","data":{}}                             | Invalid client event (must contain channel and data)
          {"event":"client-x","channel":null,"data":{}}              | Invalid client event (must contain channel and data)
          {"event":"client-x","channel":["private-x"],"data":{}}     | Invalid client event (must contain channel and data)
          {"event":"pusher:hello","data":{}}                         | Unsupported event received on socket: 'pusher:hello'
          {"event":"pusher_internal:subscription_succeeded","channel":"c","data":"{}"} | Unsupported event received on socket: 'pusher_internal:subscription_succeeded'
          {"event":"my-event","channel":"c","data":"{}"}             | Unsupported event received on socket: 'my-event'
          {"event":"Pusher:Ping"}                                    | Unsupported event received on socket: 'Pusher:Ping'
          {"event":""}                                               | Unsupported event received on socket: ''
          {}                                                         | Invalid message: it has no event
          {"data":{"channel":"c"}}                                   | Invalid message: it has no event
          {"event":null}                                             | Expected parameter event to be a string
          {"event":7}                                                | Expected parameter event to be a string
          {"event":["pusher:ping"]}                                  | Expected parameter event to be a string
          []                                                         | Expected a JSON object
          null                                                       | Expected a JSON object
          "pusher:ping"                                              | Expected a JSON object
          42                                                         | Expected a JSON object
          ``                                                         | Expected a JSON object
          {"event":"pusher:ping"} {}                                 | Unexpected text after the JSON object
          {"event":"pusher:subscribe","data":"{\\"channel\\":\\"c\\"}{}"} | Unexpected text after the JSON object
          """)
  void aFrameThatCannotBeUnderstoodIsMalformedWithAReason(String frame, String reason) {
    assertThat(read(frame)).isEqualTo(new Malformed(reason));
  }

  /// The channel can be read, so the refusal can name it.
  @ParameterizedTest
  @CsvSource({"auth,5", "auth,{}", "auth,[]", "auth,true", "channel_data,{\"user_id\":1}"})
  void aSubscriptionWithAFieldOfTheWrongTypeKeepsItsChannel(String field, String value) {
    assertThat(
            read(
                "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"c\",\""
                    + field
                    + "\":"
                    + value
                    + "}}"))
        .isEqualTo(
            new Subscribe(
                "c", null, null, Map.of(field, "Expected parameter " + field + " to be a string")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          false                          | Expected parameter data to be a hash
          {}                             | Invalid signin: data must contain auth and user_data
          {"auth":"K:S"}                 | Invalid signin: data must contain auth and user_data
          {"user_data":"{}"}             | Invalid signin: data must contain auth and user_data
          {"auth":"K:S","user_data":{}}  | Expected parameter user_data to be a string
          {"auth":7,"user_data":"{}"}    | Expected parameter auth to be a string
          "{]"                           | Invalid JSON: Unexpected close marker ']': expected '}'
          """)
  void aSignInWithABadFieldIsStillASignIn(String data, String reason) {
    assertThat(read("{\"event\":\"pusher:signin\",\"data\":" + data + "}"))
        .isEqualTo(new InvalidSignIn(reason));
  }

  /// Public channels ignore `auth`, and an unsubscription does not have it.
  @Test
  void fieldsThatAreNotUsedMayHaveAnyType() {
    assertThat(read("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"c\",\"auth\":5}}"))
        .isEqualTo(new Unsubscribe("c"));
    assertThat(
            read(
                "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"K:S\",\"user_data\":\"{}\","
                    + "\"channel\":[]}}"))
        .isEqualTo(new SignIn("K:S", "{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "}",
        "{]",
        "{\"event\"",
        "{\"event\":}",
        "{\"event\":\"pusher:ping\"",
        "{\"event\":\"pusher:ping\",}",
        "{'event':'pusher:ping'}",
        "{event:\"pusher:ping\"}",
        "{\"event\":\"pusher:ping\" /* no */}",
        "{\"event\":\"pusher\n:ping\"}",
        "{\"event\":\"client-x\",\"channel\":\"c\",\"data\":NaN}",
        "{\"event\":\"client-x\",\"channel\":\"c\",\"data\":01}",
        "{\"event\":\"client-x\",\"channel\":\"c\",\"data\":\"\\x\"}",
        "{\"event\":\"client-x\",\"channel\":\"c\",\"data\":\"\\u12\"}",
        "pusher:ping",
        "GET / HTTP/1.1",
      })
  void textThatIsNotJsonIsReportedAsSuch(String frame) {
    assertThat(read(frame))
        .isInstanceOfSatisfying(
            Malformed.class,
            malformed ->
                assertThat(malformed.reason()).startsWith("Invalid JSON: ").hasSizeLessThan(200));
  }

  @ParameterizedTest
  @CsvSource({"[,]", "{\"a\":,}"})
  void nestingIsLimitedBeforeTheStackOverflows(String open, String close) {
    int withinLimit = Json.MAX_DEPTH - 1;
    String bearable = open.repeat(withinLimit) + "1" + close.repeat(withinLimit);
    assertThat(read(clientEvent(bearable)))
        .isEqualTo(new ClientEvent("client-x", "private-x", bearable));
    String deep = open.repeat(20_000) + "1" + close.repeat(20_000);
    assertThat(read(clientEvent(deep))).isInstanceOf(Malformed.class);
    assertThat(read("{\"event\":\"pusher:ping\",\"unread\":" + deep + "}"))
        .isInstanceOf(Malformed.class);
    assertThat(read(deep)).isInstanceOf(Malformed.class);
  }

  @Test
  void aNumberMayHaveAThousandDigits() {
    assertThat(read(clientEvent("9".repeat(1_000))))
        .isEqualTo(new ClientEvent("client-x", "private-x", "9".repeat(1_000)));
    assertThat(read(clientEvent("9".repeat(1_001)))).isInstanceOf(Malformed.class);
  }

  @Test
  void aLongEventNameIsNotQuotedInFull() {
    assertThat(read("{\"event\":\"" + "x".repeat(100_000) + "\"}"))
        .isEqualTo(
            new Malformed("Unsupported event received on socket: '" + "x".repeat(200) + "…'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"data":{"channel":"c"},"event":"pusher:subscribe"}
          {"data":"{\\"channel\\":\\"c\\"}","event":"pusher:subscribe"}
          {"event":"client-x","data":{"channel":"c"},"event":"pusher:subscribe"}
          {"event":"pusher:signin","data":{"channel":"d"},"event":"pusher:subscribe","data":{"channel":"c"}}
          """)
  void dataIsReadForTheLastEvent(String frame) {
    assertThat(read(frame)).isEqualTo(new Subscribe("c", null, null));
  }

  @Test
  void dataOfACommandBecomesThatOfAClientEvent() {
    assertThat(
            read(
                "{\"event\":\"pusher:subscribe\",\"channel\":\"c\",\"data\":{\"channel\": 1},"
                    + "\"event\":\"client-x\"}"))
        .isEqualTo(new ClientEvent("client-x", "c", "{\"channel\":1}"));
  }

  /// The rest would cost time, and nothing in it could change the answer.
  @Test
  void nothingIsReadAfterAnUnsupportedEvent() {
    assertThat(read("{\"event\":\"other\",\"data\":}"))
        .isEqualTo(new Malformed("Unsupported event received on socket: 'other'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff", // not UTF-8
        "fffe7b00", // UTF-16, little endian, with a byte order mark
        "7b0022006500760065006e0074002200", // the start of UTF-16 without one
        "007b00220065007600220022003a",
        "0000007b00000022",
        "7b226576656e74223a22c328227d", // a broken sequence inside a string
        "7b226576656e74223a22f0808080227d",
        "00",
        "7b00",
      })
  void bytesThatAreNotUtf8AreMalformed(String hex) {
    assertThat(MessageReader.read(HexFormat.of().parseHex(hex), Limits.HOSTED))
        .isInstanceOf(Malformed.class);
  }

  /// The bytes are valid UTF-8, so they pass the check on text messages. Decoded as UTF-16 they
  /// would be a ping.
  @Test
  void utf16IsNotGuessed() {
    byte[] utf16 = "{\"event\":\"pusher:ping\"}".getBytes(StandardCharsets.UTF_16BE);
    assertThat(MessageReader.read(utf16, Limits.HOSTED)).isInstanceOf(Malformed.class);
  }

  private static String clientEvent(String data) {
    return "{\"event\":\"client-x\",\"channel\":\"private-x\",\"data\":" + data + "}";
  }

  private static ClientMessage read(String frame) {
    return MessageReader.read(frame.getBytes(StandardCharsets.UTF_8), Limits.HOSTED);
  }
}
