package dev.fanfare.console;

import java.util.Locale;

/// One step on the way of an event to one connection.
///
/// @param number 1 to 10
/// @param what the step in a few words
/// @param text a sentence without a full stop
record ChainStep(int number, String what, Verdict verdict, String text) {

  /// Whether the step was made.
  enum Verdict {
    YES,
    NO,
    UNKNOWN;

    String json() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String[] NAMES = {
    "accepted",
    "same app",
    "channel",
    "connection open",
    "subscribed",
    "not excluded",
    "written",
    "left the process",
    "client alive",
    "handled"
  };

  static ChainStep yes(int number, String text) {
    return new ChainStep(number, NAMES[number - 1], Verdict.YES, text);
  }

  static ChainStep no(int number, String text) {
    return new ChainStep(number, NAMES[number - 1], Verdict.NO, text);
  }

  static ChainStep unknown(int number, String text) {
    return new ChainStep(number, NAMES[number - 1], Verdict.UNKNOWN, text);
  }

  boolean isNo() {
    return verdict == Verdict.NO;
  }
}
