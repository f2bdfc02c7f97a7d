package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.ClientMessage.Malformed;
import dev.fanfare.protocol.ClientMessage.Ping;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How much of a message is read: all of an honest one, little of one that is too large to be
/// valid.
final class MessageBoundsTest {

  private static final Limits LIMITS = Limits.HOSTED;

  // What honest clients send, at the limits

  /// Every character of `user_info` escaped, and its backslash again, since it is JSON in a string.
  @Test
  void aSubscriptionWithTheLargestMemberEscapedTwiceIsRead() {
    String data =
        "{\\\"user_id\\\":\\\"%s\\\",\\\"user_info\\\":{\\\"n\\\":\\\"%s\\\"}}"
            .formatted("\\\\u0061".repeat(128), "\\\\u0061".repeat(1_016));
    ClientMessage message =
        read(
            "{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\"%s\",\"channel\":\"presence-%s\",\"channel_data\":\"%s\"}}"
                .formatted("k".repeat(200), "\\u0063".repeat(191), data));
    assertThat(message).isInstanceOf(Subscribe.class);
  }

  @Test
  void aSignInWithTheLongestWatchlistIsRead() {
    String ids = "\\\"" + "i".repeat(200) + "\\\",";
    ClientMessage message =
        read(
            "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"k\",\"user_data\":\"%s\"}}"
                .formatted(
                    "{\\\"id\\\":\\\"1\\\",\\\"watchlist\\\":[" + ids.repeat(100) + "\\\"x\\\"]}"));
    assertThat(message).isInstanceOf(SignIn.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0061", "a", "\\n", "é", "\\\""})
  void aClientEventWithTheLongestDataIsRead(String character) {
    int bytes = character.equals("é") ? 2 : 1;
    String data = character.repeat(LIMITS.maxEventBytes() / bytes);
    ClientMessage message = read(clientEvent("client-" + "\\u006e".repeat(193), quoted(data)));
    assertThat(message)
        .isInstanceOfSatisfying(ClientEvent.class, m -> assertThat(m.isCut()).isFalse());
  }

  /// As many values as fit into the largest data, in each place of `data`.
  @ParameterizedTest
  @ValueSource(strings = {"1,", "[],", "{\"a\":[]},"})
  void aClientEventWithTheMostValuesIsRead(String value) {
    String data = "[" + value.repeat((LIMITS.maxEventBytes() - 3) / value.length()) + "1]";
    for (String frame :
        new String[] {
          clientEvent("client-e", data),
          "{\"data\":" + data + ",\"channel\":\"private-a\",\"event\":\"client-e\"}"
        }) {
      assertThat(read(frame)).isEqualTo(new ClientEvent("client-e", "private-a", data));
    }
  }

  @Test
  void aPaddedPingIsRead() {
    assertThat(read("{\"event\":\"pusher:ping\"" + " ".repeat(130_000) + "}"))
        .isEqualTo(new Ping());
  }

  /// A long name is only refused unread where it begins; text before it may be long and not ASCII.
  @Test
  void theEventIsFoundBehindLongText() {
    String text = "é😀".repeat(1_700);
    String more = quoted("é😀".repeat(5_000));
    assertThat(
            read(
                "{\"data\":%s,\"x\":%s,\"channel\":\"c\",\"event\":\"client-e\"}"
                    .formatted(quoted(text), more)))
        .isEqualTo(new ClientEvent("client-e", "c", text));
  }

  // What only costs time

  @Test
  void aSubscriptionIsRefusedBySizeBeforeItsDataIsRead() {
    assertRefused(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\",\"x\":\"%s\"} no JSON"
            .formatted("x".repeat(30_000)),
        "The message has 30065 bytes, the limit for its event is 27200 (follows from"
            + " max_presence_member_bytes)");
  }

  @Test
  void aSignInIsRefusedBySizeBeforeItsDataIsRead() {
    assertRefused(
        "{\"event\":\"pusher:signin\",\"data\":\"%s\" no JSON".formatted("x".repeat(70_000)),
        "The message has 70042 bytes, the limit for its event is 68200 (follows from"
            + " max_presence_member_bytes and max_watchlist)");
  }

  @Test
  void aClientEventIsRefusedBySizeBeforeItsDataIsRead() {
    assertRefused(
        "{\"event\":\"client-e\",\"data\":\"%s\" no JSON".formatted("x".repeat(71_000)),
        "The message has 71037 bytes, the limit for its event is 70832 (follows from"
            + " max_event_bytes)");
  }

  @Test
  void anEventNameThatFillsTheMessageIsNotDecoded() {
    assertThat(malformed("{\"event\":\"" + "\\\"".repeat(20_000) + "no JSON"))
        .startsWith("Unsupported event received on socket: '\\\"\\\"")
        .hasSizeLessThan(300);
    assertThat(malformed("{\"x\":\"é😀\",\"event\":\"" + "é".repeat(20_000) + "no JSON"))
        .isEqualTo("Unsupported event received on socket: '" + "é".repeat(200) + "…'");
    assertThat(malformed("{\"event\":\"client-" + "a".repeat(80_000) + "no JSON"))
        .isEqualTo(
            "The message has 80024 bytes, the limit for its event is 70832 (follows from"
                + " max_event_bytes)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"pusher:ping\",\"data\":[VALUES",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\",\"x\":[VALUES",
        "{\"event\":\"pusher:signin\",\"data\":[VALUES",
      })
  void commandsHaveFewValues(String start) {
    assertThat(malformed(start.replace("VALUES", "1,".repeat(2_000))))
        .contains("names, values and brackets, the limit is 10", "(not configurable)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":[VALUES",
        "{\"event\":\"client-e\",\"x\":[VALUES",
        "{\"event\":\"client-e\",\"data\":[VALUES",
      })
  void noMessageHasMoreValuesThanAnEvent(String start) {
    assertThat(malformed(start.replace("VALUES", "1,".repeat(12_000))))
        .isEqualTo(
            "Invalid message: it has at least 11265 names, values and brackets, the limit is"
                + " 11264 (max_event_bytes)");
  }

  @Test
  void dataIsNotReadAgainAndAgain() {
    assertThat(malformed("{\"event\":\"client-e\"" + ",\"data\":1".repeat(200)))
        .contains("the limit is 11264 (max_event_bytes)");
    String nested = ",\"data\":\"{\\\"channel\\\":\\\"a\\\"}\"";
    assertThat(malformed("{\"event\":\"pusher:subscribe\"" + nested.repeat(20)))
        .contains("(not configurable)");
  }

  /// The rest of data that is too long is skipped, and what follows is read.
  @Test
  void dataThatIsTooLongIsCut() {
    String data = "[\"" + "a".repeat(30_000) + "\",\"" + "b".repeat(30_000) + "\"]";
    ClientMessage message =
        read("{\"event\":\"client-e\",\"data\":" + data + ",\"channel\":\"private-a\"}");
    assertThat(message)
        .isInstanceOfSatisfying(
            ClientEvent.class,
            event -> {
              assertThat(event.channel()).isEqualTo("private-a");
              assertThat(event.isCut()).isTrue();
            });
  }

  /// A message that would be refused otherwise is read where the app allows more.
  @Test
  void boundsFollowTheLimitsOfTheApp() {
    Limits wide = LIMITS.withMaxEventBytes(20_000).withMaxPresenceMemberBytes(4_000);
    String event = clientEvent("client-e", quoted("\\u0061".repeat(20_000)));
    assertThat(MessageReader.read(utf8(event), wide)).isInstanceOf(ClientEvent.class);
    String subscription =
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\",\"channel_data\":\"%s\"}}"
            .formatted("x".repeat(30_000));
    assertThat(MessageReader.read(utf8(subscription), wide)).isInstanceOf(Subscribe.class);
    Limits huge =
        LIMITS.withMaxEventBytes(Integer.MAX_VALUE).withMaxPresenceMemberBytes(Integer.MAX_VALUE);
    assertThat(MessageReader.read(utf8(event), huge)).isInstanceOf(ClientEvent.class);
    assertThat(MessageReader.read(utf8(subscription), huge)).isInstanceOf(Subscribe.class);
  }

  private static void assertRefused(String frame, String reason) {
    assertThat(read(frame)).isEqualTo(new Malformed(reason));
  }

  private static String malformed(String frame) {
    return ((Malformed) read(frame)).reason();
  }

  private static String clientEvent(String event, String data) {
    return "{\"event\":\"" + event + "\",\"channel\":\"private-a\",\"data\":" + data + "}";
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static ClientMessage read(String frame) {
    return MessageReader.read(utf8(frame), LIMITS);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
