package dev.fanfare.log;

/// Writes text that clients may have chosen so that it stays one line and looks like what it is.
///
/// Escaped as `\n`, `\t` or `\u202e`: control characters (U+0000 to U+001F, U+007F to U+009F), line
/// and paragraph separators, invisible formatting characters, among them those that reverse the
/// direction of writing, and lone surrogates, which have no UTF-8.
final class LogText {

  private LogText() {}

  /// Appends `text` with those characters escaped.
  ///
  /// @param also escaped with a backslash too; `""` for none
  static void append(StringBuilder out, String text, String also) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (also.indexOf(c) >= 0) {
        out.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else if (isPair(text, i)) {
        i++;
        append(out, c, text.charAt(i));
      } else {
        append(out, c);
      }
    }
  }

  /// The text, or a quoted one if it is empty or holds something that would make it look like the
  /// start of another field.
  static void appendValue(StringBuilder out, String text) {
    boolean isPlain =
        !text.isEmpty()
            && text.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '=' || c == '\\');
    if (isPlain) {
      append(out, text, "");
    } else {
      out.append('"');
      append(out, text, "\"\\");
      out.append('"');
    }
  }

  private static boolean isPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }

  private static void append(StringBuilder out, char high, char low) {
    if (isEscaped(Character.getType(Character.toCodePoint(high, low)))) {
      escape(out, high);
      escape(out, low);
    } else {
      out.append(high).append(low);
    }
  }

  private static void append(StringBuilder out, char c) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isEscaped(Character.getType(c))) {
          escape(out, c);
        } else {
          out.append(c);
        }
      }
    }
  }

  private static boolean isEscaped(int type) {
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u").append(String.format("%04x", (int) c));
  }
}
