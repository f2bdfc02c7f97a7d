package dev.fanfare.http.once;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// What an engine has under a key, as text: `R`, the fingerprint and the claim as long as a request
/// is carried out, then `D`, the fingerprint and the answer.
///
/// @param answer null as long as there is none
@SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
record StoredKey(Fingerprint content, byte @Nullable [] answer) {

  private static final char RUNNING = 'R';
  private static final char DONE = 'D';
  private static final int DIGITS = 16;
  private static final int HEAD_CHARS = 2 + 2 * DIGITS + 1;

  /// The value of a request that is carried out.
  ///
  /// @param claim unique
  static byte[] running(Fingerprint content, String claim) {
    return (head(RUNNING, content) + claim).getBytes(UTF_8);
  }

  /// The value of a request that was answered.
  static byte[] done(Fingerprint content, byte[] answer) {
    byte[] head = head(DONE, content).getBytes(UTF_8);
    byte[] value = Arrays.copyOf(head, head.length + answer.length);
    System.arraycopy(answer, 0, value, head.length, answer.length);
    return value;
  }

  private static String head(char kind, Fingerprint content) {
    HexFormat hex = HexFormat.of();
    return kind + " " + hex.toHexDigits(content.high()) + hex.toHexDigits(content.low()) + " ";
  }

  /// Null if it is none of these, such as that of a newer version.
  static @Nullable StoredKey decode(byte[] value) {
    if (value.length < HEAD_CHARS || (value[0] != RUNNING && value[0] != DONE)) {
      return null;
    }
    String head = new String(value, 0, HEAD_CHARS, UTF_8);
    try {
      int middle = 2 + DIGITS;
      Fingerprint content =
          new Fingerprint(
              HexFormat.fromHexDigitsToLong(head, 2, middle),
              HexFormat.fromHexDigitsToLong(head, middle, middle + DIGITS));
      boolean isDone = value[0] == DONE;
      return new StoredKey(
          content, isDone ? Arrays.copyOfRange(value, HEAD_CHARS, value.length) : null);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
