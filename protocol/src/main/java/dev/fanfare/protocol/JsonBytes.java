package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.ContentReference;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.UTF8StreamJsonParser;
import tools.jackson.core.sym.ByteQuadsCanonicalizer;
import tools.jackson.core.util.BufferRecycler;

/// JSON as UTF-8 bytes, without a detour through text: parsers, compact copies and flat objects.
/// Also the configuration of the library.
///
/// The library's factory reads bytes as such only with one symbol table for all documents, which
/// senders could fill with names. So parsers are made here, with a small table for each thread that
/// begins again when it is full, and with buffers that belong to the thread.
final class JsonBytes {

  // Clients choose the field names, so they are neither interned nor kept in a shared symbol table,
  // which a flood of random names would fill.
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_DEPTH)
                  .maxNumberLength(1_000)
                  .build())
          .build();

  /// The library's description of its input, which means nothing to senders.
  private static final Pattern SOURCE =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source: [^]]*]\\)");

  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

  /// The library quotes the input, which may be long.
  private static final int MAX_REASON_CHARS = 160;

  /// A table with more names is replaced.
  private static final int MAX_NAMES = 512;

  /// Longer documents get a table that is used once, so that no table holds long names.
  private static final int MAX_SHARED_BYTES = 8_192;

  private static final int BYTE_ORDER_MARK_BYTES = 3;
  private static final int ESCAPE_CHARS = 6;
  private static final int HEX_DIGITS = 4;

  private static final int STD_FEATURES = FACTORY.getStreamReadFeatures();
  private static final int FORMAT_FEATURES = FACTORY.getFormatReadFeatures();
  private static final int NAME_FEATURES =
      TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES.getMask()
          | TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW.getMask();

  private static final ThreadLocal<JsonBytes> OF_THREAD = ThreadLocal.withInitial(JsonBytes::new);

  private final BufferRecycler buffers = new BufferRecycler();
  private ByteQuadsCanonicalizer names = ByteQuadsCanonicalizer.createRoot();

  private JsonBytes() {}

  /// A parser of UTF-8, which is valid; a byte order mark is skipped. Its locations are indices.
  /// Confined to the calling thread.
  static JsonParser parser(byte[] utf8) {
    return OF_THREAD.get().newParser(utf8);
  }

  /// A document as text, without a byte order mark.
  static String text(byte[] utf8) {
    int start = start(utf8);
    return new String(utf8, start, utf8.length - start, StandardCharsets.UTF_8);
  }

  private JsonParser newParser(byte[] utf8) {
    int start = start(utf8);
    IOContext context =
        new IOContext(
            FACTORY.streamReadConstraints(),
            StreamWriteConstraints.defaults(),
            ErrorReportConfiguration.defaults(),
            buffers,
            ContentReference.unknown(),
            false,
            JsonEncoding.UTF8);
    return new UTF8StreamJsonParser(
        ObjectReadContext.empty(),
        context,
        STD_FEATURES,
        FORMAT_FEATURES,
        null,
        table(utf8.length).makeChild(NAME_FEATURES),
        utf8,
        start,
        utf8.length,
        start,
        false);
  }

  private ByteQuadsCanonicalizer table(int documentBytes) {
    if (documentBytes > MAX_SHARED_BYTES) {
      return ByteQuadsCanonicalizer.createRoot();
    }
    if (names.size() > MAX_NAMES) {
      names = ByteQuadsCanonicalizer.createRoot();
    }
    return names;
  }

  /// The index behind a byte order mark, if there is one.
  private static int start(byte[] utf8) {
    boolean isMarked =
        utf8.length >= BYTE_ORDER_MARK_BYTES
            && utf8[0] == (byte) 0xef
            && utf8[1] == (byte) 0xbb
            && utf8[2] == (byte) 0xbf;
    return isMarked ? BYTE_ORDER_MARK_BYTES : 0;
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

  /// A part of a document as compact JSON: without whitespace, numbers exactly as sent, strings
  /// with the escapes that are needed and no others. Most parts are so already, and are not
  /// changed.
  ///
  /// @param utf8 a valid document
  /// @param from the index of the value's first byte
  /// @param end the index behind its last byte
  static String compact(byte[] utf8, int from, int end) {
    int same = firstChange(utf8, from, end);
    return same == end
        ? new String(utf8, from, end - from, StandardCharsets.UTF_8)
        : new Copy(utf8, end).from(from, same);
  }

  /// The index of the first byte that compact JSON would not contain; `end` if there is none.
  private static int firstChange(byte[] utf8, int from, int end) {
    for (int i = from; i < end; i++) {
      byte b = utf8[i];
      if (b == '"') {
        while ((b = utf8[++i]) != '"') {
          if (b == '\\' && !isShortest(utf8[++i])) {
            return i - 1;
          }
        }
      } else if (b <= ' ') {
        return i;
      }
    }
    return end;
  }

  /// True for an escape that compact JSON contains.
  ///
  /// @param b what follows the backslash
  private static boolean isShortest(byte b) {
    return b != '/' && b != 'u';
  }

  /// Copies a value and drops what compact JSON does not contain. The copy is never longer.
  private static final class Copy {
    private final byte[] in;
    private final int end;
    private byte[] out = new byte[0];
    private int length;

    Copy(byte[] in, int end) {
      this.in = in;
      this.end = end;
    }

    /// @param same the index of the first byte that changes, which may be within a string
    String from(int from, int same) {
      out = Arrays.copyOfRange(in, from, end);
      length = same - from;
      boolean isInString = isInString(from, same);
      int i = same;
      while (i < end) {
        byte b = in[i];
        if (b == '\\') {
          i = escape(i);
        } else {
          isInString ^= b == '"';
          if (isInString || b > ' ') {
            out[length++] = b;
          }
          i++;
        }
      }
      return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private boolean isInString(int from, int at) {
      boolean isInString = false;
      for (int i = from; i < at; i++) {
        if (in[i] == '\\') {
          i++;
        } else {
          isInString ^= in[i] == '"';
        }
      }
      return isInString;
    }

    /// Copies one escape; returns the index behind it.
    private int escape(int at) {
      byte b = in[at + 1];
      if (b == 'u') {
        return unit(at);
      }
      if (b != '/') {
        out[length++] = '\\';
      }
      out[length++] = b;
      return at + 2;
    }

    /// Copies the escape of a UTF-16 unit, or of two that are one character.
    private int unit(int at) {
      char c = unitAt(at);
      int next = at + ESCAPE_CHARS;
      if (!Character.isSurrogate(c)) {
        put(c);
        return next;
      }
      boolean isPair =
          Character.isHighSurrogate(c)
              && next + 1 < end
              && in[next] == '\\'
              && in[next + 1] == 'u'
              && Character.isLowSurrogate(unitAt(next));
      if (isPair) {
        put(new String(new char[] {c, unitAt(next)}));
        return next + ESCAPE_CHARS;
      }
      put(Utf8.escapeLoneSurrogates(String.valueOf(c)));
      return next;
    }

    private char unitAt(int at) {
      int unit = 0;
      for (int i = at + 2; i < at + 2 + HEX_DIGITS; i++) {
        unit = unit << 4 | Character.digit(in[i], 16);
      }
      return (char) unit;
    }

    /// Puts a character as strings contain it.
    private void put(char c) {
      put(Flat.escape(c));
    }

    private void put(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, out, length, bytes.length);
      length += bytes.length;
    }
  }

  /// Writes one flat JSON object with strings straight into bytes: what [Json.Writer] writes, for
  /// the frames of events, of which a server writes more than of all others. Not thread-safe; use
  /// once.
  static final class Flat {

    private static final int MAX_ESCAPE_BYTES = 6;

    /// How ASCII characters stand within a string.
    private static final byte[][] ASCII = characters();

    private byte[] out;
    private int length;

    /// True if a string contains half a surrogate pair, which this class does not write.
    private boolean hasLoneSurrogate;

    /// @param expectedBytes of the document, roughly
    Flat(int expectedBytes) {
      this.out = new byte[expectedBytes];
    }

    /// How a character stands within a string.
    static String escape(char c) {
      return c < ASCII.length ? new String(ASCII[c], StandardCharsets.US_ASCII) : String.valueOf(c);
    }

    /// @param name contains nothing that must be escaped
    Flat field(byte[] name, String value) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      hasLoneSurrogate |= Utf8.lostSurrogate(value, bytes);
      ensure(name.length + bytes.length + MAX_ESCAPE_BYTES);
      System.arraycopy(name, 0, out, length, name.length);
      length += name.length;
      string(bytes);
      return this;
    }

    /// Closes the object and returns the document; null if it contains half a surrogate pair.
    byte @Nullable [] utf8() {
      ensure(1);
      out[length++] = '}';
      return hasLoneSurrogate ? null : Arrays.copyOf(out, length);
    }

    private void string(byte[] bytes) {
      out[length++] = '"';
      int copied = 0;
      for (int i = 0; i < bytes.length; i++) {
        byte b = bytes[i];
        if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
          put(bytes, copied, i);
          put(ASCII[b]);
          copied = i + 1;
        }
      }
      put(bytes, copied, bytes.length);
      ensure(1);
      out[length++] = '"';
    }

    private void put(byte[] bytes, int from, int end) {
      ensure(end - from);
      System.arraycopy(bytes, from, out, length, end - from);
      length += end - from;
    }

    private void put(byte[] escape) {
      put(escape, 0, escape.length);
    }

    private void ensure(int more) {
      if (length + more > out.length) {
        out = Arrays.copyOf(out, Math.max(length + more, 2 * out.length));
      }
    }

    private static byte[][] characters() {
      byte[][] characters = new byte[128][];
      HexFormat hex = HexFormat.of().withUpperCase();
      for (char c = 0; c < characters.length; c++) {
        characters[c] = ascii(c < ' ' ? "\\u" + hex.toHexDigits(c) : String.valueOf(c));
      }
      characters['\b'] = ascii("\\b");
      characters['\t'] = ascii("\\t");
      characters['\n'] = ascii("\\n");
      characters['\f'] = ascii("\\f");
      characters['\r'] = ascii("\\r");
      characters['"'] = ascii("\\\"");
      characters['\\'] = ascii("\\\\");
      return characters;
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }
}
