package dev.fanfare.console.login;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The hash of a password by Argon2id, as a PHC string. To check one takes its memory and about a
/// tenth of a second.
public final class PasswordHash {

  /// Most memory that a hash may need, in KiB.
  static final int MAX_MEMORY_KIB = 65_536;

  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private static final int MAX_PASSES = 10;
  private static final int MAX_LANES = 4;

  /// Characters of the longest password.
  public static final int MAX_CHARS = 1_024;

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([1-9][0-9]{1,5}),t=([1-9][0-9]?),p=([1-9])"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  private final String text;
  private final int memory;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(String text, int memory, int passes, int lanes, byte[] salt, byte[] hash) {
    this.text = text;
    this.memory = memory;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  /// Reads a PHC string; null if it is none, or needs more than [#MAX_MEMORY_KIB].
  public static @Nullable PasswordHash parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    int memory = Integer.parseInt(form.group(1));
    int passes = Integer.parseInt(form.group(2));
    int lanes = Integer.parseInt(form.group(3));
    boolean isCheap =
        memory >= 8 * lanes
            && memory <= MAX_MEMORY_KIB
            && passes <= MAX_PASSES
            && lanes <= MAX_LANES;
    byte[] salt = decoded(form.group(4));
    byte[] hash = decoded(form.group(5));
    return isCheap && salt != null && hash != null
        ? new PasswordHash(text, memory, passes, lanes, salt, hash)
        : null;
  }

  private static byte @Nullable [] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Hashes a password with a new salt.
  public static PasswordHash of(String password, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] hash = compute(password, MEMORY_KIB, PASSES, LANES, salt, HASH_BYTES);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    String text =
        "$argon2id$v=19$m="
            + MEMORY_KIB
            + ",t="
            + PASSES
            + ",p="
            + LANES
            + "$"
            + base64.encodeToString(salt)
            + "$"
            + base64.encodeToString(hash);
    return new PasswordHash(text, MEMORY_KIB, PASSES, LANES, salt, hash);
  }

  /// True if this is the password; takes the same time if it is not.
  public boolean matches(String password) {
    byte[] computed = compute(password, memory, passes, lanes, salt, hash.length);
    return Arrays.constantTimeAreEqual(hash, computed);
  }

  private static byte[] compute(
      String password, int memory, int passes, int lanes, byte[] salt, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }

  /// The PHC string.
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PasswordHash that && that.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// Stars: no one should try passwords against it.
  @Override
  public String toString() {
    return "********";
  }
}
