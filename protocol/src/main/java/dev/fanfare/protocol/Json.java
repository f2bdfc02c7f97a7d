package dev.fanfare.protocol;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// JSON as a stream, for messages and events: reads objects field by field without building a tree,
/// writes objects field by field without reflection. Documents that are read or written rarely go
/// through [JsonDocument].
public final class Json {

  /// Deeper nesting is rejected; no real data needs it.
  public static final int MAX_DEPTH = 500;

  // Clients choose the field names, so they are neither interned nor kept in a shared symbol table,
  // which a flood of random names would fill.
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(1_000)
                  .build())
          .build();

  /// The library's description of its input, which means nothing to senders.
  private static final Pattern SOURCE =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source: [^]]*]\\)");

  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

  /// The library quotes the input, which may be long.
  private static final int MAX_REASON_CHARS = 160;

  private Json() {}

  /// Receives the fields of one object in document order. Values that are not read are skipped.
  @FunctionalInterface
  public interface Fields {
    /// Called once per field; `value` is valid only during the call.
    void field(String name, Value value) throws MalformedJson;
  }

  /// Reads exactly one JSON object from UTF-8 bytes; rejects trailing text.
  public static void readObject(byte[] utf8, Fields fields) throws MalformedJson {
    readObject(utf8, fields, TokenBudget.unlimited());
  }

  /// Reads exactly one JSON object from UTF-8 bytes; rejects trailing text.
  ///
  /// @param budget what the document may cost; used up by this call
  static void readObject(byte[] utf8, Fields fields, TokenBudget budget) throws MalformedJson {
    // The library would detect UTF-16 and UTF-32 by zero bytes, which are valid UTF-8 but not JSON.
    if (utf8.length > 1 && (utf8[0] == 0 || utf8[1] == 0)) {
      throw new MalformedJson("Invalid JSON: expected UTF-8");
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      readDocument(parser, fields, budget);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /// Reads exactly one JSON object from text; rejects trailing text.
  public static void readObject(String text, Fields fields) throws MalformedJson {
    readObject(text, fields, TokenBudget.unlimited());
  }

  /// Like [#readObject(byte[], Fields, TokenBudget)].
  static void readObject(String text, Fields fields, TokenBudget budget) throws MalformedJson {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      readDocument(parser, fields, budget);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /// Starts a document whose root is an object; close it with [Writer#text] or [Writer#utf8].
  public static Writer object() {
    return new Writer();
  }

  private static void readDocument(JsonParser parser, Fields fields, TokenBudget budget)
      throws MalformedJson {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw noObject();
    }
    readFields(parser, fields, budget);
    if (parser.nextToken() != null) {
      throw trailingText();
    }
  }

  private static void readFields(JsonParser parser, Fields fields, TokenBudget budget)
      throws MalformedJson {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken first = parser.nextToken();
      budget.take(2);
      Value value = new Value(parser, name, first, budget);
      fields.field(name, value);
      if (!value.consumed) {
        value.skip(Value.change(first));
      }
    }
  }

  static MalformedJson noObject() {
    return new MalformedJson("Expected a JSON object");
  }

  static MalformedJson trailingText() {
    return new MalformedJson("Unexpected text after the JSON object");
  }

  static MalformedJson malformed(JacksonException e) {
    String why = String.valueOf(e.getOriginalMessage());
    why = SOURCE.matcher(why).replaceAll("");
    why = CONTROLS.matcher(why).replaceAll(" ");
    return new MalformedJson(
        "Invalid JSON: "
            + (why.length() > MAX_REASON_CHARS ? why.substring(0, MAX_REASON_CHARS) + "…" : why));
  }

  /// One value of an object under the cursor. Confined to the callback that received it.
  public static final class Value {
    private final JsonParser parser;
    private final String name;
    private final @Nullable JsonToken token;
    private final TokenBudget budget;
    private boolean consumed;
    private boolean isCut;

    private Value(JsonParser parser, String name, @Nullable JsonToken token, TokenBudget budget) {
      this.parser = parser;
      this.name = name;
      this.token = token;
      this.budget = budget;
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

    /// The index of its first character in the document.
    long start() {
      return parser.currentTokenLocation().getCharOffset();
    }

    /// A number or literal exactly as sent.
    public String literal() {
      return parser.getString();
    }

    /// Any value as compact JSON: without whitespace, numbers exactly as sent.
    public String compact() throws MalformedJson {
      return compact(Integer.MAX_VALUE);
    }

    /// The value as compact JSON. Of one that has more than `maxChars`, only the beginning may be
    /// returned; then [#isCut] is true.
    String compact(int maxChars) throws MalformedJson {
      StringWriter out = new StringWriter();
      try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
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
        budget.take(1);
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

    /// The elements of an array of strings and integers, integers exactly as sent; throws for
    /// anything else.
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
      readFields(parser, fields, budget);
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
        readFields(parser, onElement.get(), budget);
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
          budget.take(1);
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
        FACTORY.createGenerator(ObjectWriteContext.empty(), out);

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
