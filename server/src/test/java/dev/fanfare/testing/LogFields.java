package dev.fanfare.testing;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.util.LinkedHashMap;
import java.util.Map;

/// The fields of a log line in JSON, as text.
public final class LogFields {

  private LogFields() {}

  /// Fails unless the line is one flat JSON object of strings and integers.
  public static Map<String, String> of(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      Json.readObject(
          line,
          (name, value) -> {
            String previous =
                fields.put(name, value.isInteger() ? value.literal() : value.string());
            if (previous != null) {
              throw new AssertionError("twice the field " + name + ": " + line);
            }
          });
    } catch (MalformedJson e) {
      throw new AssertionError("not a flat JSON object: " + line, e);
    }
    return fields;
  }
}
