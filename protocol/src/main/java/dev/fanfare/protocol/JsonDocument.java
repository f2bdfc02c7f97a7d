package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON documents as trees, for what is read or written rarely: administration, reports, files.
/// Messages and events go through [Json], which streams. Accepts and refuses the same texts as
/// [Json], for the same reasons. Thread-safe; the library's data binding is loaded when this class
/// is first used, which takes some 100 ms, so never on an event loop.
public final class JsonDocument {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(Json.FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // digits as they were sent
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // checked in readObject
          .build();

  private JsonDocument() {}

  /// A new, empty object.
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// Reads exactly one JSON object, and nothing after it. Of two fields with one name, the last
  /// counts.
  public static ObjectNode readObject(String text) throws MalformedJson {
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Json.noObject();
      }
      JsonNode object = MAPPER.readTree(parser);
      if (parser.nextToken() != null) {
        throw Json.trailingText();
      }
      return object.asObject();
    } catch (JacksonException e) {
      throw Json.malformed(e);
    }
  }

  /// The document in one line.
  public static String text(JsonNode document) {
    return MAPPER.writeValueAsString(document);
  }

  /// The document in one line, as UTF-8; half a surrogate pair becomes `?`.
  public static byte[] utf8(JsonNode document) {
    return text(document).getBytes(StandardCharsets.UTF_8);
  }

  /// The document with one field per line, for people and for `diff`.
  public static String indented(JsonNode document) {
    return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(document);
  }

  /// A field as text for people: a string's characters, else compact JSON; `null` if there is none.
  public static @Nullable String field(JsonNode object, String name) {
    JsonNode value = object.get(name);
    return value == null ? null : value.isString() ? value.stringValue() : text(value);
  }
}
