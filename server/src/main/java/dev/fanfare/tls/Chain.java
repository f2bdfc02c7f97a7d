package dev.fanfare.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts certificates into the order in which TLS sends them (RFC 8446 section 4.4.2).
///
/// @param certificates the key's certificate first; empty if there is none for the key
/// @param remarks what was corrected or is doubtful, to follow "which"
record Chain(List<X509Certificate> certificates, List<String> remarks) {

  /// The extension that names a certificate's issuer; public authorities set it, others seldom.
  private static final String AUTHORITY_INFORMATION = "1.3.6.1.5.5.7.1.1";

  /// Orders the certificates of a file; `key` identifies the server's certificate.
  static Chain of(List<X509Certificate> found, PrivateKey key) throws GeneralSecurityException {
    List<X509Certificate> rest = new ArrayList<>(found);
    X509Certificate last = null;
    for (X509Certificate certificate : found) {
      if (last == null && isOf(key, certificate.getPublicKey())) {
        last = certificate;
      }
    }
    List<X509Certificate> chain = new ArrayList<>();
    while (last != null) {
      chain.add(last);
      rest.remove(last);
      last = issuerOf(last, rest);
    }
    return new Chain(chain, chain.isEmpty() ? List.of() : remarks(found, chain));
  }

  private static @Nullable X509Certificate issuerOf(
      X509Certificate one, List<X509Certificate> rest) {
    for (X509Certificate other : rest) {
      if (other.getSubjectX500Principal().equals(one.getIssuerX500Principal())) {
        return other;
      }
    }
    return null;
  }

  private static List<String> remarks(List<X509Certificate> found, List<X509Certificate> chain) {
    List<String> remarks = new ArrayList<>();
    int left = found.size() - chain.size();
    if (left > 0) {
      remarks.add(
          "holds "
              + left
              + (left == 1 ? " certificate" : " certificates")
              + " not needed to verify the server's certificate; not sent");
    }
    if (!found.subList(0, chain.size()).equals(chain)) {
      remarks.add("has its certificates in the wrong order; they are sent in the right one");
    }
    X509Certificate own = chain.getFirst();
    if (chain.size() == 1 && own.getExtensionValue(AUTHORITY_INFORMATION) != null) {
      remarks.add(
          "has only the server's certificate; many clients need the intermediates too"
              + " (with certbot: fullchain.pem)");
    }
    return remarks;
  }

  /// True if `other` verifies what `key` signs.
  static boolean isOf(PrivateKey key, PublicKey other) throws GeneralSecurityException {
    if (key instanceof RSAKey mine && other instanceof RSAKey its) {
      return mine.getModulus().equals(its.getModulus());
    }
    if (!key.getAlgorithm().equals(other.getAlgorithm())) {
      return false;
    }
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA";
    byte[] sample = {1, 2, 3, 4};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    signature.initVerify(other);
    signature.update(sample);
    return signature.verify(signed);
  }
}
