package dev.fanfare.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON documents as trees, for rare reads and writes: administration, reports, files. Messages and
/// events use [Json], which streams. Accepts and rejects the same texts as [Json], for the same
/// reasons. Thread-safe; the first use loads the library's data binding, which takes about 100 ms,
/// so it must not be on an event loop.
public final class JsonDocument {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(JsonBytes.FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // digits as sent
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // checked in readObject
          .build();

  private JsonDocument() {}

  /// A new, empty object.
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// Reads exactly one JSON object; rejects trailing text. Of duplicate fields the last is used.
  public static ObjectNode readObject(String text) throws MalformedJson {
    try (JsonParser parser = JsonBytes.FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Json.noObject();
      }
      JsonNode object = MAPPER.readTree(parser);
      if (parser.nextToken() != null) {
        throw JsonBytes.trailingText();
      }
      return object.asObject();
    } catch (JacksonException e) {
      throw JsonBytes.malformed(e);
    }
  }

  /// The document in one line.
  public static String text(JsonNode document) {
    return Utf8.escapeLoneSurrogates(MAPPER.writeValueAsString(document));
  }

  /// The document in one line, as UTF-8. Half a surrogate pair is written as its escape.
  public static byte[] utf8(JsonNode document) {
    return Utf8.ofJson(MAPPER.writeValueAsString(document));
  }

  /// A field as readable text: a string as is, other values as compact JSON; null if absent.
  public static @Nullable String field(JsonNode object, String name) {
    JsonNode value = object.get(name);
    return value == null ? null : value.isString() ? value.stringValue() : text(value);
  }
}
