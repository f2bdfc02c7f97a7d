package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The `user_data` of sign-ins (section 4.1).
final class UserDataTest {

  private static final String BAD_ID =
      "user_data is invalid: id must be a string of 1 to 200 letters, digits and _ - = @ , . ;";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # user_data                                                          | id    | user_info    | watchlist
          {"id":"12345"}                                                       | 12345 | {}           | ``
          {"id":"12345","user_info":{"name": "x"},"watchlist":["a","b"]}       | 12345 | {"name":"x"} | a b
          {"watchlist":[],"user_info":{},"id":"12345"}                         | 12345 | {}           | ``
          {"id":"12345","user_info":null,"watchlist":null}                     | 12345 | {}           | ``
          {"id":"12345","user_info":"none","other":{"id":"7"}}                 | 12345 | {}           | ``
          {"id":"12345","watchlist":["a",7,12345678901234567890,-0]}           | 12345 | {}           | a 7 12345678901234567890 -0
          {"id":"a_b-c=d@e,f.g;h","watchlist":["not an id / but never used"]}  | a_b-c=d@e,f.g;h | {} | not an id / but never used
          """)
  void theUserIsReadAsSent(String userData, String id, String info, String watchlist) {
    List<String> watched =
        watchlist.isEmpty()
            ? List.of()
            : id.equals("12345") ? List.of(watchlist.split(" ", -1)) : List.of(watchlist);
    assertThat(UserData.parse(userData, true))
        .isEqualTo(new Parsed.Ok<>(new UserData(id, info, watched)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":\"\"}",
        "{\"id\":\"a b\"}",
        "{\"id\":\"a/b\"}",
        "{\"id\":\"#1\"}",
        "{\"id\":\"\u00fc\"}",
        "{\"user_id\":\"1\"}",
      })
  void anIdHasOnlyTheDocumentedCharacters(String userData) {
    assertThat(UserData.parse(userData, true)).isEqualTo(new Parsed.Bad<>(BAD_ID));
  }

  @Test
  void anIdHasAtMostTwoHundredCharacters() {
    assertThat(UserData.isValidId("x".repeat(200))).isTrue();
    assertThat(UserData.parse("{\"id\":\"" + "x".repeat(201) + "\"}", true))
        .isEqualTo(new Parsed.Bad<>(BAD_ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", "{}", "[1,[2]]", "[null]", "7"})
  void aWatchlistThatIsNotUsedMayBeAnything(String watchlist) {
    assertThat(UserData.parse("{\"id\":\"1\",\"watchlist\":" + watchlist + "}", false))
        .isEqualTo(new Parsed.Ok<>(new UserData("1", "{}", List.of())));
  }

  /// JavaScript clients reject a number only after the success, so the server must refuse it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":12345}                      | Expected parameter id to be a string
          {"id":null}                       | Expected parameter id to be a string
          {"id":["1"]}                      | Expected parameter id to be a string
          {"id":{}}                         | Expected parameter id to be a string
          {"id":"1","watchlist":"a"}        | Expected parameter watchlist to be an array
          {"id":"1","watchlist":{"a":1}}    | Expected parameter watchlist to be an array
          {"id":"1","watchlist":["a",1.5]}  | Expected parameter watchlist to be an array of strings
          {"id":"1","watchlist":[["a"]]}    | Expected parameter watchlist to be an array of strings
          ``                                | Expected a JSON object
          []                                | Expected a JSON object
          12345                             | Expected a JSON object
          {"id":"1"} {"id":"2"}             | Unexpected text after the JSON object
          """)
  void wrongTypesAreRefusedByName(String userData, String reason) {
    assertThat(UserData.parse(userData, true))
        .isEqualTo(new Parsed.Bad<>("user_data is invalid: " + reason));
  }
}
