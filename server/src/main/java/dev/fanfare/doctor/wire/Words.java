package dev.fanfare.doctor.wire;

import java.util.regex.Pattern;

/// Makes untrusted text safe to print.
public final class Words {

  private static final int MAX_CHARS = 200;

  /// A signature grants access for ten minutes.
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-fA-F]{64}");

  private static final Pattern TAGS = Pattern.compile("<[^>]*>");
  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");

  private Words() {}

  /// On one line, quoted, without tags and signatures, and truncated.
  public static String brief(String text) {
    String plain = SIGNATURE.matcher(TAGS.matcher(text).replaceAll(" ")).replaceAll("…");
    String line = SPACE.matcher(plain).replaceAll(" ").strip();
    return "\"" + (line.length() > MAX_CHARS ? line.substring(0, MAX_CHARS) + "…" : line) + "\"";
  }

  /// `1 address`, `2 addresses`.
  public static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
