package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/// Trees are as strict as the stream and give the same reasons.
final class JsonDocumentTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "7",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":\"\t\"}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":1} // b"
      })
  void refusesWhatTheStreamRefusesForTheSameReason(String text) {
    String reason = streamed(text);
    assertThat(reason).isNotEmpty();
    assertThat(asTree(text)).isEqualTo(reason);
  }

  @Test
  void libraryMayNameMoreThatWasExpected() {
    assertThat(asTree("{\"a\":}"))
        .startsWith("Invalid JSON: Unexpected character ('}' (code 125))");
  }

  @Test
  void depthAndNumbersAreLimitedAsInTheStream() {
    String shallow = "{\"a\":" + "[".repeat(499) + "]".repeat(499) + "}";
    String deep = "{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}";
    assertThat(asTree(shallow)).isEmpty();
    assertThat(asTree(deep)).startsWith("Invalid JSON: ").isEqualTo(streamed(deep));
    assertThat(asTree("{\"a\":" + "9".repeat(1_001) + "}")).startsWith("Invalid JSON: ");
  }

  @Test
  void lastOfDuplicateFieldsIsUsed() throws MalformedJson {
    assertThat(JsonDocument.field(JsonDocument.readObject("{\"a\":1,\"a\":2}"), "a"))
        .isEqualTo("2");
  }

  @Test
  void fieldsAreReadableText() throws MalformedJson {
    JsonNode object =
        JsonDocument.readObject("{\"s\":\"a\\\"b\",\"n\":10.50,\"o\":{\"x\": [1]},\"z\":null}");
    assertThat(JsonDocument.field(object, "s")).isEqualTo("a\"b");
    assertThat(JsonDocument.field(object, "n")).isEqualTo("10.50");
    assertThat(JsonDocument.field(object, "o")).isEqualTo("{\"x\":[1]}");
    assertThat(JsonDocument.field(object, "z")).isEqualTo("null");
    assertThat(JsonDocument.field(object, "absent")).isNull();
  }

  @Test
  void writesWithoutChangingRawValues() {
    JsonNode document =
        JsonDocument.object().put("a", "é\n").putRawValue("raw", new RawValue("{\"n\":1.50}"));
    assertThat(JsonDocument.text(document)).isEqualTo("{\"a\":\"é\\n\",\"raw\":{\"n\":1.50}}");
    assertThat(new String(JsonDocument.utf8(document), StandardCharsets.UTF_8))
        .isEqualTo(JsonDocument.text(document));
  }

  @Test
  void keepsHalfASurrogatePairAsItsEscape() throws MalformedJson {
    String text = "{\"a\":\"cut \\ud83d\"}";
    JsonNode document = JsonDocument.readObject(text);
    assertThat(JsonDocument.text(document)).isEqualTo(text);
    assertThat(JsonDocument.utf8(document)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String streamed(String text) {
    try {
      Json.readObject(text, (_, value) -> value.compact());
      return "";
    } catch (MalformedJson e) {
      return e.reason();
    }
  }

  private static String asTree(String text) {
    try {
      JsonDocument.readObject(text);
      return "";
    } catch (MalformedJson e) {
      return e.reason();
    }
  }
}
