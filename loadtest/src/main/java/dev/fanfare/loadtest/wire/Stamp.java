package dev.fanfare.loadtest.wire;

import java.nio.charset.StandardCharsets;

/// The text at the start of every message's data: 32 ASCII characters, none of which JSON escapes,
/// so that every server passes it on unchanged:
///
/// ```
/// @fanfare PPPP CCCC SSSSSSSS EEEEEEEE      (without the spaces, hexadecimal)
/// |        |    |    |        number of the event among all of the run
/// |        |    |    number among this publisher's events on this channel, from 0
/// |        |    channel
/// marker   publisher
/// ```
///
/// The scheduled time of an event is not in its stamp but in a table, by the event's number: so a
/// publish can be prepared and signed ahead of time. Each field is read with one eight-byte load
/// and a handful of shifts; there is no loop over digits and no JSON parser between a frame and its
/// check.
public final class Stamp {

  /// Characters in a stamp, and so the minimum message size.
  public static final int LENGTH = 32;

  /// The first eight characters as a little-endian number.
  public static final long MARKER = little("@fanfare");

  static final int ROUTE = 8;
  static final int SEQUENCE = 16;
  static final int EVENT = 24;

  private static final long LOW_NIBBLES = 0x0F0F0F0F0F0F0F0FL;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Stamp() {}

  /// Writes a whole stamp into `text` at `offset`.
  public static void write(
      byte[] text, int offset, int publisher, int channel, int sequence, int event) {
    byte[] marker = "@fanfare".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(marker, 0, text, offset, marker.length);
    writeHex(text, offset + ROUTE, publisher << 16 | channel);
    writeHex(text, offset + SEQUENCE, sequence);
    writeHex(text, offset + EVENT, event);
  }

  /// The number written as eight hexadecimal digits that were loaded as one little-endian long.
  public static int hex(long digits) {
    // '0'..'9' carry their value in the low nibble; 'a'..'f' lack nine, and only they have bit 6.
    long nibbles = (digits & LOW_NIBBLES) + 9 * ((digits >>> 6) & LOW_BITS);
    long packed = Long.reverseBytes(nibbles);
    packed = (packed | packed >>> 4) & 0x00FF00FF00FF00FFL;
    packed = (packed | packed >>> 8) & 0x0000FFFF0000FFFFL;
    return (int) (packed | packed >>> 16);
  }

  private static void writeHex(byte[] text, int offset, int value) {
    int rest = value;
    for (int i = offset + 7; i >= offset; i--) {
      text[i] = DIGITS[rest & 15];
      rest >>>= 4;
    }
  }

  private static long little(String eight) {
    long word = 0;
    for (int i = 7; i >= 0; i--) {
      word = word << 8 | eight.charAt(i);
    }
    return word;
  }
}
