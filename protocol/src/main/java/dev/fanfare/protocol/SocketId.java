package dev.fanfare.protocol;

import java.security.SecureRandom;

/// The public id of one connection: two decimal integers joined by a dot (section 1.2). The HTTP
/// API excludes connections by it and every signature contains it, so it must not be guessable.
public final class SocketId {

  /// Each half is below this, so that it has at most the ten digits that clients expect.
  private static final long BOUND = 10_000_000_000L;

  private static final int MAX_CHARS = 40;

  private SocketId() {}

  /// A fresh id with about 66 random bits.
  public static String next(SecureRandom random) {
    return random.nextLong(BOUND) + "." + random.nextLong(BOUND);
  }

  /// True if `text` has the form that every server SDK checks, `^\d+\.\d+$`, and is not too long.
  public static boolean isValid(String text) {
    int length = text.length();
    int dot = text.indexOf('.');
    if (dot <= 0 || dot == length - 1 || length > MAX_CHARS) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (i != dot && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }
}
