package dev.fanfare.tls;

import dev.fanfare.protocol.Parsed;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/// Keys and certificates as PEM (RFC 7468).
public final class PemText {

  private static final int LINE_CHARS = 64;

  private PemText() {}

  /// A file with a key and its certificates, which [KeyFiles] can name.
  public static String of(PrivateKey key, List<X509Certificate> chain)
      throws CertificateEncodingException {
    StringBuilder text = new StringBuilder(of(key));
    for (X509Certificate certificate : chain) {
      text.append(block("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  /// The key as PKCS#8.
  public static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /// Both halves of a key pair.
  public static String of(KeyPair keys) {
    return of(keys.getPrivate()) + block("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  /// A pair of EC keys, or the problem of the text, to follow "which".
  public static Parsed<KeyPair> keyPair(String text) {
    return switch (Pem.blocks(text)) {
      case Parsed.Bad<List<Pem.Block>>(String problem) -> new Parsed.Bad<>(problem);
      case Parsed.Ok<List<Pem.Block>>(List<Pem.Block> blocks) -> {
        try {
          if (blocks.size() != 2) {
            yield new Parsed.Bad<>("does not hold a private and a public key");
          }
          KeyFactory factory = KeyFactory.getInstance("EC");
          yield new Parsed.Ok<>(
              new KeyPair(
                  factory.generatePublic(new X509EncodedKeySpec(blocks.getLast().der())),
                  factory.generatePrivate(new PKCS8EncodedKeySpec(blocks.getFirst().der()))));
        } catch (GeneralSecurityException e) {
          yield new Parsed.Bad<>("holds keys that this Java cannot use: " + e.getMessage());
        }
      }
    };
  }

  private static String block(String label, byte[] der) {
    byte[] newLine = "\n".getBytes(StandardCharsets.US_ASCII);
    String body = Base64.getMimeEncoder(LINE_CHARS, newLine).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
