package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fanfare.protocol.ServerMessage.CacheMiss;
import dev.fanfare.protocol.ServerMessage.ConnectionEstablished;
import dev.fanfare.protocol.ServerMessage.Event;
import dev.fanfare.protocol.ServerMessage.MemberAdded;
import dev.fanfare.protocol.ServerMessage.MemberRemoved;
import dev.fanfare.protocol.ServerMessage.Pong;
import dev.fanfare.protocol.ServerMessage.PusherError;
import dev.fanfare.protocol.ServerMessage.SigninSuccess;
import dev.fanfare.protocol.ServerMessage.SubscriptionCount;
import dev.fanfare.protocol.ServerMessage.SubscriptionError;
import dev.fanfare.protocol.ServerMessage.SubscriptionSucceeded;
import dev.fanfare.protocol.ServerMessage.WatchlistEvents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The exact text of every frame that the server sends. For readability the tables use `'` in place
/// of `"`; no frame in them contains a real `'`.
final class MessageWriterTest {

  private static final Member ANN = new Member("10", "{\"name\":\"x\"}");
  private static final Member BOB = new Member("11", "{}");

  static Stream<Arguments> messages() {
    return Stream.concat(connectionMessages(), channelMessages());
  }

  private static Stream<Arguments> connectionMessages() {
    return Stream.of(
        arguments(
            new ConnectionEstablished("3363.1846347", 120),
            """
            {'event':'pusher:connection_established',\
            'data':'{\\'socket_id\\':\\'3363.1846347\\',\\'activity_timeout\\':120}'}\
            """),
        arguments(new Pong(), "{'event':'pusher:pong','data':'{}'}"),
        arguments(
            new PusherError(4001, "App key abc does not exist"),
            "{'event':'pusher:error','data':{'code':4001,'message':'App key abc does not exist'}}"),
        arguments(
            new PusherError(null, "No code"),
            "{'event':'pusher:error','data':{'code':null,'message':'No code'}}"),
        arguments(
            new SigninSuccess("{\"id\":\"12345\",\"user_info\":{\"name\":\"x\"}}"),
            """
            {'event':'pusher:signin_success',\
            'data':'{\\'user_data\\':\\'{\\\\\\'id\\\\\\':\\\\\\'12345\\\\\\',\
            \\\\\\'user_info\\\\\\':{\\\\\\'name\\\\\\':\\\\\\'x\\\\\\'}}\\'}'}\
            """),
        arguments(
            new WatchlistEvents(List.of("a"), List.of("b", "c")),
            """
            {'event':'pusher_internal:watchlist_events',\
            'data':'{\\'events\\':[{\\'name\\':\\'online\\',\\'user_ids\\':[\\'a\\']},\
            {\\'name\\':\\'offline\\',\\'user_ids\\':[\\'b\\',\\'c\\']}]}'}\
            """),
        arguments(
            new WatchlistEvents(List.of(), List.of("b")),
            """
            {'event':'pusher_internal:watchlist_events',\
            'data':'{\\'events\\':[{\\'name\\':\\'offline\\',\\'user_ids\\':[\\'b\\']}]}'}\
            """));
  }

  private static Stream<Arguments> channelMessages() {
    return Stream.of(
        arguments(
            new SubscriptionSucceeded("my-channel", null),
            "{'event':'pusher_internal:subscription_succeeded','channel':'my-channel','data':'{}'}"),
        arguments(
            new SubscriptionSucceeded("presence-x", List.of(ANN, BOB)),
            """
            {'event':'pusher_internal:subscription_succeeded','channel':'presence-x',\
            'data':'{\\'presence\\':{\\'ids\\':[\\'10\\',\\'11\\'],\
            \\'hash\\':{\\'10\\':{\\'name\\':\\'x\\'},\\'11\\':{}},\\'count\\':2}}'}\
            """),
        arguments(
            new SubscriptionSucceeded("presence-x", List.of()),
            """
            {'event':'pusher_internal:subscription_succeeded','channel':'presence-x',\
            'data':'{\\'presence\\':{\\'ids\\':[],\\'hash\\':{},\\'count\\':0}}'}\
            """),
        arguments(
            new SubscriptionError("private-x", "AuthError", "Invalid signature", 401),
            """
            {'event':'pusher:subscription_error','channel':'private-x',\
            'data':'{\\'type\\':\\'AuthError\\',\\'error\\':\\'Invalid signature\\',\
            \\'status\\':401}'}\
            """),
        arguments(
            new MemberAdded("presence-x", ANN),
            """
            {'event':'pusher_internal:member_added','channel':'presence-x',\
            'data':'{\\'user_id\\':\\'10\\',\\'user_info\\':{\\'name\\':\\'x\\'}}'}\
            """),
        arguments(
            new MemberRemoved("presence-x", "10"),
            """
            {'event':'pusher_internal:member_removed','channel':'presence-x',\
            'data':'{\\'user_id\\':\\'10\\'}'}\
            """),
        arguments(
            new SubscriptionCount("my-channel", 3),
            """
            {'event':'pusher_internal:subscription_count','channel':'my-channel',\
            'data':'{\\'subscription_count\\':3}'}\
            """),
        arguments(new ServerMessage.Ping(), "{'event':'pusher:ping','data':'{}'}"),
        arguments(
            new ServerMessage.Gap("private-x", "expired", "5-0", "7-1"),
            """
            {'event':'fanfare:gap','channel':'private-x',\
            'data':'{\\'reason\\':\\'expired\\',\\'after\\':\\'5-0\\',\\'oldest\\':\\'7-1\\'}'}\
            """),
        arguments(
            new ServerMessage.Gap("x", "too_many", "5-0", null),
            """
            {'event':'fanfare:gap','channel':'x',\
            'data':'{\\'reason\\':\\'too_many\\',\\'after\\':\\'5-0\\'}'}\
            """),
        arguments(
            new ServerMessage.Gap("private-encrypted-x", "expired", "5-0", "7-1"),
            "{'event':'pusher:fanfare_gap','channel':'private-encrypted-x','data':'{}'}"),
        arguments(
            new CacheMiss("cache-x"),
            "{'event':'pusher:cache_miss','channel':'cache-x','data':'{}'}"),
        arguments(
            new Event("private-x", "client-typing", "{\"a\":1}", null),
            "{'event':'client-typing','channel':'private-x','data':'{\\'a\\':1}'}"),
        arguments(
            new Event("presence-x", "client-typing", "{\"a\":1}", "10"),
            "{'event':'client-typing','channel':'presence-x','data':'{\\'a\\':1}','user_id':'10'}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void everyMessageIsWrittenAsDocumented(ServerMessage message, String text) {
    assertThat(write(message)).isEqualTo(text.replace('\'', '"'));
  }

  /// Section 1.3: nulls crash Android clients, except the `code` of `pusher:error`, which is also
  /// the only event whose `data` is an object.
  @ParameterizedTest(name = "{0}")
  @MethodSource("messages")
  void onlyErrorsHaveANullOrAnObjectAsData(ServerMessage message, String text)
      throws MalformedJson {
    Map<String, String> kinds = new TreeMap<>();
    Json.readObject(MessageWriter.write(message), (name, value) -> kinds.put(name, kindOf(value)));
    assertThat(kinds)
        .doesNotContainValue("null")
        .containsEntry("event", "string")
        .containsEntry("data", message instanceof PusherError ? "object" : "string");
    assertThat(text.replace("{'code':null,", "")).doesNotContain("null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # what the application sent  | how it stands in the frame
          hello                        | "hello"
          ``                           | ""
          {"b":1, "a":1.0}             | "{\\"b\\":1, \\"a\\":1.0}"
          gr\u00fc\u00dfe ✓ 😀         | "gr\u00fc\u00dfe ✓ 😀"
          a/b                          | "a/b"
          \\ud83d                      | "\\\\ud83d"
          """)
  void applicationDataIsExactlyTheStringThatWasSent(String data, String inFrame) {
    assertThat(write(new Event("c", "e", data, null)))
        .isEqualTo("{\"event\":\"e\",\"channel\":\"c\",\"data\":" + inFrame + "}");
  }

  @Test
  void controlCharactersAreEscaped() {
    assertThat(write(new Event("c", "e\n", "\u0000\u001f\u007f\t", null)))
        .isEqualTo("{\"event\":\"e\\n\",\"channel\":\"c\",\"data\":\"\\u0000\\u001F\u007f\\t\"}");
  }

  /// JSON can escape half a surrogate pair, UTF-8 cannot represent it. Text frames must be UTF-8
  /// (RFC 6455).
  @ParameterizedTest
  @CsvSource({"d800", "dbff", "dc00", "dfff"})
  void aLoneSurrogateIsWrittenAsItsEscape(String hex) {
    char half = (char) Integer.parseInt(hex, 16);
    byte[] frame = MessageWriter.write(new Event("c", "e", "a" + half + "b", "" + half));
    assertThat(Utf8.isValid(frame)).isTrue();
    assertThat(new String(frame, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"event\":\"e\",\"channel\":\"c\",\"data\":\"a!b\",\"user_id\":\"!\"}"
                .replace("!", "\\u" + hex));
  }

  @Test
  void aLoneSurrogateInOtherMessagesIsWrittenAsItsEscape() {
    assertThat(write(new SubscriptionCount("c\ud83d", 2)))
        .isEqualTo(
            """
            {"event":"pusher_internal:subscription_count","channel":"c\\ud83d",\
            "data":"{\\"subscription_count\\":2}"}\
            """);
  }

  private static String kindOf(Json.Value value) {
    if (value.isString()) {
      return "string";
    }
    return value.isObject() ? "object" : value.isNull() ? "null" : "another";
  }

  private static String write(ServerMessage message) {
    return new String(MessageWriter.write(message), StandardCharsets.UTF_8);
  }
}
