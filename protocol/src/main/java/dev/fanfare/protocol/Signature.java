package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// HMAC-SHA256 with one app's secret, and the strings that the protocol signs (sections 2.3, 6.1).
///
/// The two key blocks are hashed once; each signature starts from copies of those states, which
/// halves its cost and makes the object safe to share between threads.
public final class Signature {

  private static final int BLOCK_BYTES = 64;
  private static final int DIGEST_BYTES = 32;

  private static final HexFormat HEX = HexFormat.of();

  /// Cloned for each body, which is cheaper than a search among the providers; never changed.
  private static final MessageDigest MD5 = jdkDigest("MD5");

  private final Keyed inner;
  private final Keyed outer;

  private Signature(byte[] key) {
    this.inner = Keyed.of(key, 0x36);
    this.outer = Keyed.of(key, 0x5c);
  }

  /// Prepares the key state for `secret`.
  public static Signature ofSecret(String secret) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    if (key.length > BLOCK_BYTES) {
      key = jdkDigest("SHA-256").digest(key);
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
    return hasForm(hex)
        && MessageDigest.isEqual(digest(text.getBytes(StandardCharsets.UTF_8)), HEX.parseHex(hex));
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
    return outer.hash(inner.hash(bytes));
  }

  private static MessageDigest jdkDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /// SHA-256 of texts that begin with a block made of the key.
  ///
  /// @param state after that block; cloned for each text, never changed
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Keyed(byte[] block, MessageDigest state) {

    static Keyed of(byte[] key, int pad) {
      byte[] block = new byte[BLOCK_BYTES];
      for (int i = 0; i < BLOCK_BYTES; i++) {
        block[i] = (byte) ((i < key.length ? key[i] : 0) ^ pad);
      }
      return new Keyed(block, begun(block));
    }

    byte[] hash(byte[] rest) {
      try {
        return ((MessageDigest) state.clone()).digest(rest);
      } catch (CloneNotSupportedException e) {
        return begun(block).digest(rest); // by a provider that was put before the JDK's own
      }
    }

    private static MessageDigest begun(byte[] block) {
      MessageDigest digest = jdkDigest("SHA-256");
      digest.update(block);
      return digest;
    }
  }
}
