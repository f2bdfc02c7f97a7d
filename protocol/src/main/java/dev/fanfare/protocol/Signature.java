package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.util.Arrays;
import org.jspecify.annotations.Nullable;

/// HMAC-SHA256 with one app's secret, and the strings that the protocol signs (sections 2.3, 6.1).
///
/// The two key blocks are hashed once; each signature starts from copies of those states, which
/// halves its cost and makes the object safe to share between threads. Long texts are hashed by the
/// JDK, which uses the processor's instructions for it but is slower to start.
public final class Signature {

  private static final int BLOCK_BYTES = 64;
  private static final int DIGEST_BYTES = 32;

  /// From this many bytes on the JDK is faster.
  private static final int LONG_BYTES = 1_024;

  private static final HexFormat HEX = HexFormat.of();

  /// Cloned for each body, which is cheaper than a search among the providers; never changed.
  private static final MessageDigest MD5 = jdkDigest("MD5");

  private final SHA256Digest inner;
  private final SHA256Digest outer;

  /// The state of `inner` for long texts; cloned for each, never changed.
  private final MessageDigest innerOfLong;

  private Signature(byte[] key) {
    this.inner = keyed(key, 0x36);
    this.outer = keyed(key, 0x5c);
    this.innerOfLong = jdkDigest("SHA-256");
    this.innerOfLong.update(block(key, 0x36));
  }

  /// Prepares the key state for `secret`.
  public static Signature ofSecret(String secret) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    if (key.length > BLOCK_BYTES) {
      SHA256Digest digest = new SHA256Digest();
      digest.update(key, 0, key.length);
      key = finish(digest);
    }
    return new Signature(key);
  }

  /// The lowercase hex signature of `text`.
  public String sign(String text) {
    return HEX.formatHex(digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// The lowercase hex signature of bytes, such as a webhook's body.
  public String sign(byte[] bytes) {
    return HEX.formatHex(digest(bytes));
  }

  /// True if `hex` has the form of a signature: 64 lowercase hex digits. Costs next to nothing, so
  /// check it before anything is signed for comparison.
  public static boolean hasForm(String hex) {
    if (hex.length() != 2 * DIGEST_BYTES) {
      return false;
    }
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /// True if `hex` is the signature of `text`. Compares in constant time.
  public boolean matches(String text, String hex) {
    return hex.length() == 2 * DIGEST_BYTES
        && Arrays.constantTimeAreEqual(
            sign(text).getBytes(StandardCharsets.ISO_8859_1),
            hex.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// The string that is signed for a private or presence subscription. `channelData` is the raw
  /// string as sent; it is signed on private channels too.
  public static String subscription(String socketId, String channel, @Nullable String channelData) {
    return channelData == null
        ? socketId + ":" + channel
        : socketId + ":" + channel + ":" + channelData;
  }

  /// The string that is signed for a sign-in.
  public static String signIn(String socketId, String userData) {
    return socketId + "::user::" + userData;
  }

  /// The string that is signed for an HTTP request; `query` as returned by [Query#toSign].
  public static String request(String method, String path, String query) {
    return method + "\n" + path + "\n" + query;
  }

  /// Lowercase hex MD5 of a request body, as in `body_md5`.
  public static String md5(byte[] body) {
    try {
      return HEX.formatHex(((MessageDigest) MD5.clone()).digest(body));
    } catch (CloneNotSupportedException e) {
      return HEX.formatHex(jdkDigest("MD5").digest(body));
    }
  }

  private byte[] digest(byte[] bytes) {
    byte[] hash = bytes.length < LONG_BYTES ? innerHash(bytes) : innerHashOfLong(bytes);
    SHA256Digest second = new SHA256Digest(outer);
    second.update(hash, 0, hash.length);
    return finish(second);
  }

  private byte[] innerHash(byte[] bytes) {
    SHA256Digest digest = new SHA256Digest(inner);
    digest.update(bytes, 0, bytes.length);
    return finish(digest);
  }

  private byte[] innerHashOfLong(byte[] bytes) {
    try {
      return ((MessageDigest) innerOfLong.clone()).digest(bytes);
    } catch (CloneNotSupportedException e) {
      return innerHash(bytes);
    }
  }

  private static MessageDigest jdkDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  private static SHA256Digest keyed(byte[] key, int pad) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(block(key, pad), 0, BLOCK_BYTES);
    return digest;
  }

  private static byte[] block(byte[] key, int pad) {
    byte[] block = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] = (byte) ((i < key.length ? key[i] : 0) ^ pad);
    }
    return block;
  }

  private static byte[] finish(SHA256Digest digest) {
    byte[] hash = new byte[DIGEST_BYTES];
    digest.doFinal(hash, 0);
    return hash;
  }
}
