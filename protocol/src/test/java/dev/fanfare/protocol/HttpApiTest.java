package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fanfare.protocol.HttpApi.BatchRequest;
import dev.fanfare.protocol.HttpApi.EventRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of publish requests as the SDKs write them (sections 6.4, 6.5, 6.11).
final class HttpApiTest {

  static Stream<Arguments> eventBodies() {
    return Stream.of(
        arguments(
            "the published example",
            "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}",
            event("foo", "{\"some\":\"data\"}", List.of("project-3"))),
        arguments(
            "node with parameters",
            "{\"name\":\"e\",\"data\":\"d\",\"channels\":[\"a\",\"b\"],\"socket_id\":\"1.2\","
                + "\"info\":\"user_count,subscription_count\"}",
            new EventRequest("e", "d", List.of("a", "b"), "1.2", "user_count,subscription_count")),
        arguments(
            "java encodes a string once more",
            "{\"channels\":[\"a\"],\"name\":\"e\",\"data\":\"\\\"plain\\\"\",\"socket_id\":null}",
            event("e", "\"plain\"", List.of("a"))),
        arguments(
            "php and Laravel name a single channel as a string, and escape slashes and letters",
            "{\"name\":\"App\\\\Events\\\\E\",\"data\":\"gr\\u00fc\\u00dfe"
                + " a\\/b\",\"channel\":\"a\"}",
            event("App\\Events\\E", "gr\u00fc\u00dfe a/b", List.of("a"))),
        arguments(
            "channels wins over channel",
            "{\"name\":\"e\",\"data\":\"d\",\"channel\":\"a\",\"channels\":[\"b\"]}",
            event("e", "d", List.of("b"))),
        arguments(
            "no channels, but a channel",
            "{\"name\":\"e\",\"data\":\"d\",\"channels\":null,\"channel\":\"a\"}",
            event("e", "d", List.of("a"))),
        arguments(
            "duplicates count once, in the order sent",
            "{\"name\":\"e\",\"data\":\"d\",\"channels\":[\"b\",\"a\",\"b\",\"a\"]}",
            event("e", "d", List.of("b", "a"))),
        arguments(
            "unknown fields do no harm",
            "{\"x\":{\"name\":\"y\",\"channels\":[1]},\"name\":\"e\",\"data\":\"d\",\"channels\":[\"a\"]}",
            event("e", "d", List.of("a"))),
        arguments("nothing at all", "{}", event(null, null, List.of())),
        arguments(
            "nothing but nulls",
            "{\"name\":null,\"data\":null,\"channels\":null,\"channel\":null,\"info\":null}",
            event(null, null, List.of())),
        arguments(
            "names are checked elsewhere",
            "{\"channels\":[\"#\",\"\"]}",
            event(null, null, List.of("#", ""))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("eventBodies")
  void anEventIsReadAsSent(String what, String body, EventRequest event) {
    assertThat(readEvent(body)).as(what).isEqualTo(new Parsed.Ok<>(event));
  }

  /// Users of curl send objects. Any value is delivered as one string.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": 1, "b": [true, null]}  | {"a":1,"b":[true,null]}
          [ ]                          | []
          1.50                         | 1.50
          12345678901234567890         | 12345678901234567890
          false                        | false
          "1.50"                       | 1.50
          " { } "                      | ` { } `
          """)
  void dataThatIsNotAStringIsSerializedOnce(String sent, String data) {
    assertThat(readEvent("{\"name\":\"e\",\"channel\":\"a\",\"data\":" + sent + "}"))
        .isEqualTo(new Parsed.Ok<>(event("e", data, List.of("a"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name":7}                  | Expected parameter name to be a string
          {"name":{}}                 | Expected parameter name to be a string
          {"channels":"a"}            | Expected parameter channels to be an array
          {"channels":{"0":"a"}}      | Expected parameter channels to be an array
          {"channels":["a",7]}        | Expected parameter channels to be an array of strings
          {"channels":["a",null]}     | Expected parameter channels to be an array of strings
          {"channels":[["a"]]}        | Expected parameter channels to be an array of strings
          {"channel":["a"]}           | Expected parameter channel to be a string
          {"socket_id":1.2}           | Expected parameter socket_id to be a string
          {"info":["user_count"]}     | Expected parameter info to be a string
          ``                          | Expected a JSON object
          null                        | Expected a JSON object
          []                          | Expected a JSON object
          "{}"                        | Expected a JSON object
          {}{}                        | Unexpected text after the JSON object
          """)
  void wrongTypesAreRefusedByName(String body, String reason) {
    assertThat(readEvent(body)).isEqualTo(new Parsed.Bad<>(reason));
  }

  @Test
  void aBatchKeepsItsOrderAndTheFieldsOfEachEvent() {
    String body =
        "{\"batch\":["
            + "{\"channel\":\"my-channel\",\"name\":\"e1\",\"data\":\"{\\\"a\\\":1}\","
            + "\"socket_id\":\"1234.5678\",\"info\":\"subscription_count\"},"
            + "{\"channel\":\"presence-x\",\"name\":\"e2\",\"data\":\"two\"},"
            + "{}]}";
    assertThat(readBatch(body))
        .isEqualTo(
            new Parsed.Ok<>(
                new BatchRequest(
                    List.of(
                        new EventRequest(
                            "e1",
                            "{\"a\":1}",
                            List.of("my-channel"),
                            "1234.5678",
                            "subscription_count"),
                        event("e2", "two", List.of("presence-x")),
                        event(null, null, List.of())))));
  }

  @Test
  void anEmptyBatchIsValid() {
    assertThat(readBatch("{\"batch\":[]}")).isEqualTo(new Parsed.Ok<>(new BatchRequest(List.of())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                          | Missing required parameter: batch
          {"Batch":[]}                | Missing required parameter: batch
          {"batch":null}              | Expected parameter batch to be an array
          {"batch":{}}                | Expected parameter batch to be an array
          {"batch":[null]}            | Expected parameter batch to be an array of objects
          {"batch":[[]]}              | Expected parameter batch to be an array of objects
          {"batch":["e"]}             | Expected parameter batch to be an array of objects
          {"batch":[{"name":7}]}      | Expected parameter name to be a string
          [{"name":"e"}]              | Expected a JSON object
          """)
  void anInvalidBatchIsRefused(String body, String reason) {
    assertThat(readBatch(body)).isEqualTo(new Parsed.Bad<>(reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "batch", "channels", "x"})
  void deepNestingIsRefusedWhereverItStands(String field) {
    String deep = "{\"" + field + "\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}";
    assertThat(readEvent(deep)).isInstanceOf(Parsed.Bad.class);
    assertThat(readBatch(deep)).isInstanceOf(Parsed.Bad.class);
    assertThat(readBatch("{\"batch\":[" + deep + "]}")).isInstanceOf(Parsed.Bad.class);
  }

  /// Two bytes for `/`, and half a surrogate pair: lenient decoders accept both.
  @ParameterizedTest
  @ValueSource(strings = {"\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00ff", "\u00c3"})
  void aBodyMustBeUtf8(String latin1) {
    byte[] body =
        ("{\"name\":\"e\",\"channel\":\"a\",\"data\":\"" + latin1 + "\"}")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(HttpApi.readEvent(body))
        .isEqualTo(new Parsed.Bad<>("Invalid JSON: the body is not UTF-8"));
    assertThat(HttpApi.readBatch(body))
        .isEqualTo(new Parsed.Bad<>("Invalid JSON: the body is not UTF-8"));
  }

  private static EventRequest event(
      @Nullable String name, @Nullable String data, List<String> channels) {
    return new EventRequest(name, data, channels, null, null);
  }

  private static Parsed<EventRequest> readEvent(String body) {
    return HttpApi.readEvent(body.getBytes(StandardCharsets.UTF_8));
  }

  private static Parsed<BatchRequest> readBatch(String body) {
    return HttpApi.readBatch(body.getBytes(StandardCharsets.UTF_8));
  }
}
