package dev.fanfare.http.once;

import dev.fanfare.protocol.Parsed;

/// An idempotency key, and what is published under it.
///
/// @param key of any form: see [#check]
/// @param content of the request
public record KeyUse(String key, Fingerprint content) {

  private static final int MAX_CHARS = 128;

  /// Fails if the key has another form, without a full stop.
  public Parsed<Parsed.Passed> check() {
    return !key.isEmpty() && key.length() <= MAX_CHARS && key.chars().allMatch(KeyUse::isAllowed)
        ? Parsed.PASSED
        : new Parsed.Bad<>(
            "An idempotency key must have 1 to "
                + MAX_CHARS
                + " characters, all of them letters, digits or _ . : -");
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_.:-".indexOf(c) >= 0;
  }
}
