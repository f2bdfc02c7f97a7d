package dev.fanfare.console.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/// Random texts that cannot be guessed, and the digests that are kept in their place: what is in
/// memory does not log anyone in.
final class RandomToken {

  private final SecureRandom random;

  RandomToken(SecureRandom random) {
    this.random = random;
  }

  /// Random bits as letters, digits, `-` and `_`.
  String next(int bits) {
    byte[] bytes = new byte[bits / 8];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The SHA-256 of a text.
  static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
