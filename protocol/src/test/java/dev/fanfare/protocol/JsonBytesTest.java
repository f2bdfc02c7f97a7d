package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Documents that are read as bytes mean the same as those that are read as text, which the library
/// does by itself from end to end.
final class JsonBytesTest {

  private static final int DOCUMENTS = 20_000;

  @Test
  void bytesAreReadAsTextIs() {
    RandomJson random = new RandomJson(1);
    for (int i = 0; i < DOCUMENTS; i++) {
      String document = random.object();
      List<String> fields = ofText(document);
      assertThat(ofBytes(document.getBytes(StandardCharsets.UTF_8))).as(document).isEqualTo(fields);
    }
  }

  @Test
  void whatIsWrongIsSaidOfBytesAsOfText() {
    RandomJson random = new RandomJson(2);
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] document = random.damaged();
      if (Utf8.isValid(document)) {
        String text = new String(document, StandardCharsets.UTF_8);
        assertThat(ofBytes(document)).as(text).isEqualTo(ofText(text));
      }
    }
  }

  /// The compact form of a value is the same document to the library.
  @Test
  void theCompactFormHasTheSameTree() throws MalformedJson {
    RandomJson random = new RandomJson(3);
    for (int i = 0; i < DOCUMENTS / 4; i++) {
      String document = "{\"a\":" + random.object() + "}";
      List<String> fields = ofBytes(document.getBytes(StandardCharsets.UTF_8));
      if (fields.contains("refused")) {
        continue; // half a surrogate pair in a name
      }
      String copy = "{\"a\":" + fields.getLast() + "}";
      assertThat(JsonDocument.readObject(copy))
          .as(document)
          .isEqualTo(JsonDocument.readObject(document));
      assertThat(compact(copy)).as("the compact form of itself").isEqualTo(fields.getLast());
    }
  }

  @Test
  void manyNamesAreReadAfterEachOther() throws MalformedJson {
    for (int i = 0; i < 5_000; i++) {
      String name = "name-" + i;
      List<String> names = new ArrayList<>();
      String document = "{\"" + name + "\":1,\"" + name.repeat(i % 7) + "é\":2}";
      Json.readObject(document.getBytes(StandardCharsets.UTF_8), (each, _) -> names.add(each));
      assertThat(names).containsExactly(name, name.repeat(i % 7) + "é");
    }
  }

  @Test
  void aByteOrderMarkIsSkipped() throws MalformedJson {
    assertThat(compact("\ufeff{\"a\":{\"b\" : \"é\\/\"}}")).isEqualTo("{\"b\":\"é/\"}");
  }

  @Test
  void invalidBytesAreReplacedAsInText() {
    byte[] document = "{\"a\":[\"?\"]}".getBytes(StandardCharsets.UTF_8);
    document[7] = (byte) 0xff;
    assertThat(ofBytes(document)).containsExactly("a", "[\"\ufffd\"]");
  }

  private static String compact(String document) throws MalformedJson {
    List<String> compact = new ArrayList<>();
    Json.readObject(
        document.getBytes(StandardCharsets.UTF_8), (_, value) -> compact.add(value.compact()));
    return compact.getFirst();
  }

  @FunctionalInterface
  private interface Reading {
    void into(Json.Fields fields) throws MalformedJson;
  }

  static List<String> ofBytes(byte[] document) {
    return outcome(fields -> Json.readObject(document, fields));
  }

  static List<String> ofText(String document) {
    return outcome(fields -> Json.readObject(document, fields));
  }

  private static List<String> outcome(Reading reading) {
    List<String> fields = new ArrayList<>();
    try {
      reading.into(into(fields));
    } catch (MalformedJson e) {
      fields.add("refused");
      fields.add(e.reason());
    }
    return fields;
  }

  private static Json.Fields into(List<String> fields) {
    return (name, value) -> {
      fields.add(name);
      fields.add(value.isString() ? value.string() : value.compact());
    };
  }
}
