package dev.fanfare.tls;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A PKCS12 file with a key and its certificates, as `openssl pkcs12 -export` writes it.
final class Pkcs12 {

  private static final char SEQUENCE = 0x30;
  private static final String JAVA_KEY_STORE = "\u00fe\u00ed\u00fe\u00ed";

  private Pkcs12() {}

  /// The key with its certificates, or the problem of the file, to follow "which".
  static Parsed<Credentials> of(String bytes, @Nullable Secret password) {
    if (bytes.startsWith(JAVA_KEY_STORE)) {
      return new Parsed.Bad<>(
          "is a Java key store in the old JKS format; convert it with"
              + " `keytool -importkeystore -deststoretype pkcs12`");
    }
    if (bytes.charAt(0) != SEQUENCE) {
      return new Parsed.Bad<>("is neither PEM nor PKCS12");
    }
    char[] typed = password == null ? new char[0] : password.reveal().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)), typed);
      return entry(store, typed);
    } catch (IOException | GeneralSecurityException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        return new Parsed.Bad<>(
            password == null
                ? "needs a password, and neither tls_password nor tls_password_file is set"
                : "cannot be opened with tls_password");
      }
      return new Parsed.Bad<>("is neither PEM nor a PKCS12 file that this Java can read");
    } finally {
      Arrays.fill(typed, '\0');
    }
  }

  private static Parsed<Credentials> entry(KeyStore store, char[] password)
      throws GeneralSecurityException {
    List<String> names = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        names.add(alias);
      }
    }
    if (names.isEmpty()) {
      return new Parsed.Bad<>("is a PKCS12 file without a private key");
    }
    if (names.size() > 1) {
      return new Parsed.Bad<>("holds several keys, but must hold one: " + String.join(", ", names));
    }
    List<X509Certificate> chain = new ArrayList<>();
    Certificate[] certificates = store.getCertificateChain(names.getFirst());
    for (Certificate certificate : certificates == null ? new Certificate[0] : certificates) {
      if (certificate instanceof X509Certificate x509) {
        chain.add(x509);
      }
    }
    return store.getKey(names.getFirst(), password) instanceof PrivateKey key && !chain.isEmpty()
        ? new Parsed.Ok<>(new Credentials(key, chain))
        : new Parsed.Bad<>("is a PKCS12 file whose key has no certificate");
  }
}
