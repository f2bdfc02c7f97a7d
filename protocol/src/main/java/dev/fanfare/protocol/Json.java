package dev.fanfare.protocol;

import dev.fanfare.protocol.MessageBounds.TokenBudget;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/// JSON as a stream, for messages and events: reads objects field by field without building a tree,
/// writes objects field by field without reflection. Documents that are read or written rarely go
/// through [JsonDocument].
public final class Json {

  /// Deeper nesting is rejected; no real data needs it.
  public static final int MAX_DEPTH = 500;

  /// So much beyond the longest value that is needed is still not cut.
  private static final int MEASURED_CHARS = 4_000;

  private Json() {}

  /// Receives the fields of one object in document order. Values that are not read are skipped.
  @FunctionalInterface
  public interface Fields {
    /// Called once per field; `value` is valid only during the call.
    void field(String name, Value value) throws MalformedJson;
  }

  /// Reads exactly one JSON object from UTF-8 bytes, of which invalid ones are replaced by U+FFFD;
  /// rejects trailing text.
  public static void readObject(byte[] utf8, Fields fields) throws MalformedJson {
    if (Utf8.isValid(utf8)) {
      readObject(utf8, fields, TokenBudget.unlimited());
    } else {
      readObject(JsonBytes.text(utf8), fields);
    }
  }

  /// Reads exactly one JSON object from valid UTF-8; rejects trailing text.
  ///
  /// @param budget what the document may cost; used up by this call
  static void readObject(byte[] utf8, Fields fields, TokenBudget budget) throws MalformedJson {
    // As UTF-16 and UTF-32 begin.
    if (utf8.length > 1 && (utf8[0] == 0 || utf8[1] == 0)) {
      throw new MalformedJson("Invalid JSON: expected UTF-8");
    }
    try (JsonParser parser = JsonBytes.parser(utf8)) {
      readDocument(new Source(parser, utf8, budget), fields);
    } catch (JacksonException e) {
      throw malformed(utf8, e);
    }
  }

  /// What is wrong with a document, in the library's words for text, which senders know.
  private static MalformedJson malformed(byte[] utf8, JacksonException e) {
    try {
      readObject(JsonBytes.text(utf8), (_, value) -> value.read());
    } catch (MalformedJson inText) {
      return inText;
    }
    return JsonBytes.malformed(e);
  }

  /// Reads exactly one JSON object from text; rejects trailing text.
  public static void readObject(String text, Fields fields) throws MalformedJson {
    readObject(text, fields, TokenBudget.unlimited());
  }

  /// Like [#readObject(byte[], Fields, TokenBudget)].
  static void readObject(String text, Fields fields, TokenBudget budget) throws MalformedJson {
    try (JsonParser parser = JsonBytes.FACTORY.createParser(ObjectReadContext.empty(), text)) {
      readDocument(new Source(parser, null, budget), fields);
    } catch (JacksonException e) {
      throw JsonBytes.malformed(e);
    }
  }

  /// Starts a document whose root is an object; close it with [Writer#text] or [Writer#utf8].
  public static Writer object() {
    return new Writer();
  }

  /// What is read; `utf8` is null if it is text.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Source(JsonParser parser, byte @Nullable [] utf8, TokenBudget budget) {}

  private static void readDocument(Source source, Fields fields) throws MalformedJson {
    JsonParser parser = source.parser;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw noObject();
    }
    readFields(source, fields);
    if (parser.nextToken() != null) {
      throw JsonBytes.trailingText();
    }
  }

  private static void readFields(Source source, Fields fields) throws MalformedJson {
    JsonParser parser = source.parser;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken first = parser.nextToken();
      source.budget.take(2);
      Value value = new Value(source, name, first);
      fields.field(name, value);
      if (!value.consumed) {
        value.skip(Value.change(first));
      }
    }
  }

  static MalformedJson noObject() {
    return new MalformedJson("Expected a JSON object");
  }

  /// One value of an object under the cursor. Confined to the callback that received it.
  public static final class Value {
    private final Source source;
    private final JsonParser parser;
    private final String name;
    private final @Nullable JsonToken token;
    private boolean consumed;
    private boolean isCut;

    private Value(Source source, String name, @Nullable JsonToken token) {
      this.source = source;
      this.parser = source.parser;
      this.name = name;
      this.token = token;
    }

    public boolean isString() {
      return token == JsonToken.VALUE_STRING;
    }

    public boolean isNull() {
      return token == JsonToken.VALUE_NULL;
    }

    public boolean isObject() {
      return token == JsonToken.START_OBJECT;
    }

    public boolean isArray() {
      return token == JsonToken.START_ARRAY;
    }

    /// True for a number without fraction or exponent.
    public boolean isInteger() {
      return token == JsonToken.VALUE_NUMBER_INT;
    }

    /// The text of a string; throws an error that names the field for other types.
    public String string() throws MalformedJson {
      if (!isString()) {
        throw new MalformedJson("Expected parameter " + name + " to be a string");
      }
      return parser.getString();
    }

    /// The text of a string, null for JSON null; throws for other types.
    public @Nullable String stringOrNull() throws MalformedJson {
      return isNull() ? null : string();
    }

    /// The index of its first byte in the document, which is not text.
    int start() {
      return (int) parser.currentTokenLocation().getByteOffset();
    }

    /// A number or literal exactly as sent.
    public String literal() {
      return parser.getString();
    }

    /// Reads it to its end, strings included, which skipping only looks over.
    private void read() throws MalformedJson {
      var _ = isString() ? string() : compact();
    }

    /// Any value as compact JSON: without whitespace, numbers exactly as sent.
    public String compact() throws MalformedJson {
      return compact(Integer.MAX_VALUE);
    }

    /// The value as compact JSON. Of one that has more than `maxChars`, only the beginning may be
    /// returned; then [#isCut] is true.
    String compact(int maxChars) throws MalformedJson {
      byte[] utf8 = source.utf8;
      if (utf8 != null && (isObject() || isArray())) {
        int start = start();
        skip(1);
        consumed = true;
        String compact =
            JsonBytes.compact(utf8, start, (int) parser.currentLocation().getByteOffset());
        isCut = compact.length() - MEASURED_CHARS > maxChars;
        return compact;
      }
      StringWriter out = new StringWriter();
      try (JsonGenerator generator =
          JsonBytes.FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
        copy(generator, out.getBuffer(), maxChars);
      }
      consumed = true;
      return Utf8.escapeLoneSurrogates(out.toString());
    }

    /// True if [#compact(int)] did not copy the whole value.
    boolean isCut() {
      return isCut;
    }

    /// Skips the rest of so many objects and arrays within each other.
    private void skip(int depth) throws MalformedJson {
      int open = depth;
      while (open > 0) {
        source.budget.take(1);
        open += change(parser.nextToken()); // which throws at the end of the input
      }
    }

    /// How a token changes the depth.
    private static int change(@Nullable JsonToken token) {
      return token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY
          ? 1
          : token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY ? -1 : 0;
    }

    /// The elements of an array of strings; throws for anything else.
    public List<String> strings() throws MalformedJson {
      return strings(false);
    }

    /// The elements of an array of strings and integers, as sent; throws for anything else.
    public List<String> stringsOrIntegers() throws MalformedJson {
      return strings(true);
    }

    private List<String> strings(boolean integers) throws MalformedJson {
      requireArray();
      List<String> strings = new ArrayList<>();
      JsonToken next;
      while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
        boolean isInteger = integers && next == JsonToken.VALUE_NUMBER_INT;
        if (next != JsonToken.VALUE_STRING && !isInteger) {
          throw new MalformedJson("Expected parameter " + name + " to be an array of strings");
        }
        strings.add(parser.getString());
      }
      consumed = true;
      return strings;
    }

    /// Reads an object's fields.
    public void object(Fields fields) throws MalformedJson {
      if (!isObject()) {
        throw new MalformedJson("Expected parameter " + name + " to be a hash");
      }
      readFields(source, fields);
      consumed = true;
    }

    /// Reads an array of objects; `onElement` is called before each element and returns its reader.
    public void objects(java.util.function.Supplier<Fields> onElement) throws MalformedJson {
      requireArray();
      JsonToken next;
      while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
        if (next != JsonToken.START_OBJECT) {
          throw new MalformedJson("Expected parameter " + name + " to be an array of objects");
        }
        readFields(source, onElement.get());
      }
      consumed = true;
    }

    private void requireArray() throws MalformedJson {
      if (!isArray()) {
        throw new MalformedJson("Expected parameter " + name + " to be an array");
      }
    }

    /// @param written what has reached the writer behind `out`, which has a buffer
    private void copy(JsonGenerator out, CharSequence written, int maxChars) throws MalformedJson {
      int depth = 0;
      JsonToken next = token;
      do {
        depth += change(next);
        if (written.length() > maxChars
            || (next == JsonToken.VALUE_STRING && parser.getStringLength() > maxChars)) {
          isCut = true;
          skip(depth);
          return;
        }
        if (next == JsonToken.VALUE_NUMBER_INT || next == JsonToken.VALUE_NUMBER_FLOAT) {
          out.writeNumber(parser.getString());
        } else {
          out.copyCurrentEvent(parser);
        }
        if (depth > 0) {
          source.budget.take(1);
          next = parser.nextToken();
        }
      } while (depth > 0);
    }
  }

  /// Writes one document. Not thread-safe; use once. Half a surrogate pair, which UTF-8 cannot
  /// represent and on which the library's own UTF-8 generator throws, is written as its escape.
  public static final class Writer {
    private final StringWriter out = new StringWriter(128);
    private final JsonGenerator generator =
        JsonBytes.FACTORY.createGenerator(ObjectWriteContext.empty(), out);

    private Writer() {
      generator.writeStartObject();
    }

    public Writer field(String name, String value) {
      generator.writeName(name).writeString(value);
      return this;
    }

    public Writer field(String name, long value) {
      generator.writeName(name).writeNumber(value);
      return this;
    }

    public Writer field(String name, boolean value) {
      generator.writeName(name).writeBoolean(value);
      return this;
    }

    /// A field whose value is JSON already.
    public Writer json(String name, String json) {
      generator.writeName(name).writeRawValue(json);
      return this;
    }

    public Writer nullField(String name) {
      generator.writeName(name).writeNull();
      return this;
    }

    public Writer startObject(String name) {
      generator.writeName(name).writeStartObject();
      return this;
    }

    public Writer startArray(String name) {
      generator.writeName(name).writeStartArray();
      return this;
    }

    /// Opens an object that is an element of the array being written.
    public Writer startElement() {
      generator.writeStartObject();
      return this;
    }

    public Writer endObject() {
      generator.writeEndObject();
      return this;
    }

    public Writer endArray() {
      generator.writeEndArray();
      return this;
    }

    public Writer strings(String name, Iterable<String> values) {
      startArray(name);
      values.forEach(generator::writeString);
      return endArray();
    }

    /// Closes the root object and returns the document.
    public String text() {
      return Utf8.escapeLoneSurrogates(end());
    }

    /// Closes the root object and returns the document as UTF-8.
    public byte[] utf8() {
      return Utf8.ofJson(end());
    }

    private String end() {
      generator.writeEndObject();
      generator.close();
      return out.toString();
    }
  }
}
