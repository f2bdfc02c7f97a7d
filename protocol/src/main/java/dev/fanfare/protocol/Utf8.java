package dev.fanfare.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// The check that RFC 6455 section 8.1 demands of every text message, and JSON of every body.
public final class Utf8 {

  /// UTF-8 needs at most this many bytes per UTF-16 unit.
  private static final int MAX_BYTES_PER_CHAR = 3;

  private Utf8() {}

  /// True if `text` takes more than `maxBytes`; encodes it only if its length leaves a doubt.
  public static boolean isLongerThan(String text, int maxBytes) {
    return text.length() * (long) MAX_BYTES_PER_CHAR > maxBytes
        && text.getBytes(StandardCharsets.UTF_8).length > maxBytes;
  }

  /// True if the bytes are well-formed UTF-8. Almost all messages are ASCII and pass in one loop.
  public static boolean isValid(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return decodes(bytes);
      }
    }
    return true;
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
