package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/// Documents with everything that senders may write differently: whitespace, escapes that need not
/// be, halves of surrogate pairs, duplicate names; and documents that are damaged. The same for the
/// same seed.
final class RandomJson {

  private static final List<String> NAMES =
      List.of("event", "channel", "data", "name", "channels", "a", "", "é", "\\u0064ata");

  private static final List<String> PIECES =
      List.of(
          "a",
          "/",
          "\\/",
          "?",
          "é",
          "€",
          "😀",
          "\u007f",
          "\u2028",
          "\\u0061",
          "\\u00e9",
          "\\u20AC",
          "\\ud83d\\ude00",
          "\\ud83d",
          "\\ude00",
          "\\ud83d\\u0061",
          "\\\"",
          "\\\\",
          "\\b",
          "\\t",
          "\\n",
          "\\f",
          "\\r",
          "\\u0000",
          "\\u001f",
          "\\u0008",
          "\\u0022",
          "\\u005c",
          "\\u002F",
          "{",
          "}",
          "[",
          ",",
          ":",
          " ",
          "client-e",
          "x".repeat(70));

  private static final List<String> SCALARS =
      List.of("0", "-0", "1.50", "-1e5", "1E+2", "12345678901234567890", "true", "false", "null");

  private static final List<String> SPACES = List.of(" ", "\n", "\r\n", "\t", "  ");

  private final Random random;

  RandomJson(long seed) {
    this.random = new Random(seed);
  }

  /// A valid object.
  String object() {
    StringBuilder out = new StringBuilder();
    object(out, 3);
    return out.toString();
  }

  /// An object that is damaged in one place, which may be valid nevertheless.
  byte[] damaged() {
    byte[] bytes = object().getBytes(StandardCharsets.UTF_8);
    int at = random.nextInt(bytes.length);
    String all = "\"\\{}[]:, x09-.eutnf/\u0001";
    switch (random.nextInt(3)) {
      case 0 -> bytes[at] = (byte) all.charAt(random.nextInt(all.length()));
      case 1 -> bytes = java.util.Arrays.copyOf(bytes, at);
      default -> System.arraycopy(bytes, at, bytes, at / 2, bytes.length - at);
    }
    return bytes;
  }

  private void object(StringBuilder out, int depth) {
    space(out);
    out.append('{');
    int fields = random.nextInt(5);
    for (int i = 0; i < fields; i++) {
      space(out.append(i == 0 ? "" : ","));
      boolean isKnown = random.nextInt(4) > 0;
      string(out, isKnown ? NAMES : PIECES, isKnown ? 1 : random.nextInt(6));
      space(out);
      value(out.append(':'), depth - 1);
    }
    space(out);
    out.append('}');
    space(out);
  }

  private void value(StringBuilder out, int depth) {
    space(out);
    switch (random.nextInt(depth > 0 ? 5 : 3)) {
      case 0 -> out.append(any(SCALARS));
      case 1, 2 -> string(out, PIECES, random.nextInt(6));
      case 3 -> object(out, depth);
      default -> {
        out.append('[');
        int values = random.nextInt(4);
        for (int i = 0; i < values; i++) {
          value(out.append(i == 0 ? "" : ","), depth - 1);
        }
        space(out);
        out.append(']');
      }
    }
    space(out);
  }

  private void string(StringBuilder out, List<String> from, int pieces) {
    out.append('"');
    for (int i = 0; i < pieces; i++) {
      out.append(any(from));
    }
    out.append('"');
  }

  private void space(StringBuilder out) {
    if (random.nextInt(8) == 0) {
      out.append(any(SPACES));
    }
  }

  private String any(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
