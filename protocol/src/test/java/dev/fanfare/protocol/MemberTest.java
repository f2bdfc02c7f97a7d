package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The `channel_data` of presence subscriptions (section 2.5).
final class MemberTest {

  private static final Limits LIMITS = Limits.HOSTED;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # channel_data                                        | user id | user_info
          {"user_id":"10","user_info":{"name":"Mr. Pusher"}}    | 10      | {"name":"Mr. Pusher"}
          {"user_info":{"a":[1, {"b":null}]}, "user_id":"ann"}  | ann     | {"a":[1,{"b":null}]}
          {"user_id":"10"}                                      | 10      | {}
          {"user_id":"10","user_info":null}                     | 10      | {}
          {"user_id":"10","user_info":{}}                       | 10      | {}
          # A number becomes a string with the digits that were sent.
          {"user_id":10}                                        | 10      | {}
          {"user_id":-7}                                        | -7      | {}
          {"user_id":9007199254740993}                          | 9007199254740993     | {}
          {"user_id":123456789012345678901234567890}            | 123456789012345678901234567890 | {}
          # Ids are anything but empty; user_info keeps its digits too.
          {"user_id":"ü ✓","user_info":{"n":1.10}}              | ü ✓     | {"n":1.10}
          {"user_id":"10","other":[[[]]],"user_info":{"x":"}"}} | 10      | {"x":"}"}
          """)
  void aMemberIsReadWithItsLiteralDigits(String channelData, String userId, String info) {
    assertThat(Member.parse(channelData, LIMITS))
        .isEqualTo(new Parsed.Ok<>(new Member(userId, info)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
              {}                    | it must contain user_id, a string or an integer
              {"user_id":""}        | it must contain user_id, a string or an integer
              {"user_id":null}      | it must contain user_id, a string or an integer
              {"user_id":true}      | it must contain user_id, a string or an integer
              {"user_id":1.5}       | it must contain user_id, a string or an integer
              {"user_id":1e3}       | it must contain user_id, a string or an integer
              {"user_id":["10"]}    | it must contain user_id, a string or an integer
              {"user_id":{"id":1}}  | it must contain user_id, a string or an integer
              {"USER_ID":"10"}      | it must contain user_id, a string or an integer
              {"user_id":"10","user_info":"x"} | user_info supplied to presence subscription is invalid - if supplied it must be a type of hash
              {"user_id":"10","user_info":[]}  | user_info supplied to presence subscription is invalid - if supplied it must be a type of hash
              {"user_id":"10","user_info":0}   | user_info supplied to presence subscription is invalid - if supplied it must be a type of hash
              ``                    | Expected a JSON object
              []                    | Expected a JSON object
              "10"                  | Expected a JSON object
          {"user_id":"10"} {}   | Unexpected text after the JSON object
          """)
  void anInvalidMemberIsRefusedWithAReason(String channelData, String reason) {
    assertThat(Member.parse(channelData, LIMITS))
        .isEqualTo(new Parsed.Bad<>("channel_data is invalid: " + reason));
  }

  @Test
  void theUserIdHasALimit() {
    String longest = "x".repeat(LIMITS.maxUserIdChars());
    assertThat(Member.parse("{\"user_id\":\"" + longest + "\"}", LIMITS))
        .isEqualTo(new Parsed.Ok<>(new Member(longest, "{}")));
    assertThat(Member.parse("{\"user_id\":\"" + longest + "x\"}", LIMITS))
        .isEqualTo(
            new Parsed.Bad<>("user_id has 129 characters, the limit is 128 (max_user_id_chars)"));
  }

  /// The limit applies to the bytes of the compact form: whitespace does not count, `ü` counts two.
  @Test
  void userInfoHasALimitInBytes() {
    int room = LIMITS.maxPresenceMemberBytes() - "{\"n\":\"\"}".length();
    String filled = "ü".repeat(room / 2);
    assertThat(Member.parse(withName(filled), LIMITS)).isInstanceOf(Parsed.Ok.class);
    assertThat(Member.parse(withName(filled + "x"), LIMITS))
        .isEqualTo(
            new Parsed.Bad<>(
                "user_info has 1025 bytes, the limit is 1024 (max_presence_member_bytes)"));
  }

  private static String withName(String name) {
    return "{\"user_id\":\"10\",\"user_info\":{ \"n\" : \"" + name + "\" }}";
  }
}
