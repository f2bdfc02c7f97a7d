package dev.fanfare.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// UTF-8: the check that RFC 6455 section 8.1 requires for text messages and JSON for bodies, and
/// the encoding of JSON documents.
public final class Utf8 {

  /// UTF-8 needs at most this many bytes per UTF-16 unit.
  private static final int MAX_BYTES_PER_CHAR = 3;

  private static final int ESCAPE_CHARS = 6;
  private static final HexFormat HEX = HexFormat.of();

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long QUESTION_MARKS = 0x3f3f3f3f3f3f3f3fL;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /// True if `text` takes more than `maxBytes`; encodes it only if its length does not decide.
  public static boolean isLongerThan(String text, int maxBytes) {
    return text.length() * (long) MAX_BYTES_PER_CHAR > maxBytes
        && text.getBytes(StandardCharsets.UTF_8).length > maxBytes;
  }

  /// True if the bytes are well-formed UTF-8. Almost all messages are ASCII, which one loop
  /// confirms, eight bytes at a time.
  public static boolean isValid(byte[] bytes) {
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      if (((long) LONGS.get(bytes, i) & HIGH_BITS) != 0) {
        return decodes(bytes);
      }
    }
    for (; i < bytes.length; i++) {
      if (bytes[i] < 0) {
        return decodes(bytes);
      }
    }
    return true;
  }

  /// A JSON document as UTF-8. Half a surrogate pair, which UTF-8 cannot represent, becomes the
  /// escape that it was sent as: a text cut in the middle of an emoji arrives unchanged.
  static byte[] ofJson(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return lostSurrogate(json, bytes)
        ? escapeLoneSurrogates(json).getBytes(StandardCharsets.UTF_8)
        : bytes;
  }

  /// True if `text` contains half a surrogate pair, which `utf8`, what the encoder made of it, does
  /// not.
  static boolean lostSurrogate(String text, byte[] utf8) {
    // The encoder replaces half a pair with '?', so most text needs no closer look. Neither does
    // ASCII, which copies and compares faster than its characters can be examined.
    if (!hasQuestionMark(utf8)
        || (utf8.length == text.length()
            && text.equals(new String(utf8, StandardCharsets.ISO_8859_1)))) {
      return false;
    }
    return loneSurrogate(text, 0) >= 0;
  }

  /// Looks at eight bytes at a time: a byte of `x` is zero where the text has a `?`.
  private static boolean hasQuestionMark(byte[] bytes) {
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      long x = (long) LONGS.get(bytes, i) ^ QUESTION_MARKS;
      if (((x - LOW_BITS) & ~x & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; i < bytes.length; i++) {
      if (bytes[i] == '?') {
        return true;
      }
    }
    return false;
  }

  /// A JSON document in which each half of a surrogate pair without the other half is escaped. Such
  /// a character can stand only within a string, where the escape means the same.
  static String escapeLoneSurrogates(String json) {
    int lone = loneSurrogate(json, 0);
    return lone < 0 ? json : escape(json, lone);
  }

  private static String escape(String json, int firstLone) {
    StringBuilder out = new StringBuilder(json.length() + ESCAPE_CHARS);
    int copied = 0;
    for (int lone = firstLone; lone >= 0; lone = loneSurrogate(json, copied)) {
      out.append(json, copied, lone).append("\\u").append(HEX.toHexDigits(json.charAt(lone)));
      copied = lone + 1;
    }
    return out.append(json, copied, json.length()).toString();
  }

  /// The index of the first half of a surrogate pair at or after `from` that lacks its other half;
  /// negative if there is none.
  private static int loneSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
