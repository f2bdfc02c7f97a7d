package dev.fanfare.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/// The fields of one JSON object as text, for tests that parse written frames: a string as its
/// characters, any other value as compact JSON.
final class JsonFields {

  private JsonFields() {}

  static Map<String, String> of(byte[] utf8) {
    if (!Utf8.isValid(utf8)) {
      throw new AssertionError("not UTF-8");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      Json.readObject(utf8, into(fields));
    } catch (MalformedJson e) {
      throw new AssertionError(e.reason(), e);
    }
    return fields;
  }

  static Map<String, String> of(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      Json.readObject(text, into(fields));
    } catch (MalformedJson e) {
      throw new AssertionError(e.reason() + " in " + text, e);
    }
    return fields;
  }

  private static Json.Fields into(Map<String, String> fields) {
    return (name, value) -> fields.put(name, value.isString() ? value.string() : value.compact());
  }
}
