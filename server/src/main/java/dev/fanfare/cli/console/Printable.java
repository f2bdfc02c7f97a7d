package dev.fanfare.cli.console;

import java.util.regex.Pattern;

/// Texts that strangers have chosen must not control the terminal.
public final class Printable {

  private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /// The text with a symbol for each character that is invisible or controls something.
  public static String of(String text) {
    return HIDDEN.matcher(text).replaceAll("\u00b7");
  }
}
