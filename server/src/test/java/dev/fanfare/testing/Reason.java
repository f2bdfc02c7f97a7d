package dev.fanfare.testing;

import dev.fanfare.protocol.Parsed;

/// The text of a failed check.
public final class Reason {

  private Reason() {}

  /// Throws if the check has passed.
  public static String of(Parsed<?> check) {
    return switch (check) {
      case Parsed.Bad<?> bad -> bad.reason();
      case Parsed.Ok<?> ok -> throw new AssertionError("not failed: " + ok);
    };
  }
}
