package dev.fanfare.tls;

import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// What a client needs for TLS: the authorities that it trusts, and a certificate for servers that
/// ask for one.
///
/// @param keys null if there is no certificate
public record EngineKeys(TrustManagerFactory trust, @Nullable KeyManagerFactory keys) {

  private static final char[] NO_PASSWORD = {};

  /// Reads the files. Blocks.
  ///
  /// @param ca path of a PEM with authorities; empty for those of the JDK
  /// @param certificate path of a PEM chain; empty for none
  /// @param key path of its key; empty if the certificate's file has it
  public static Parsed<EngineKeys> load(String ca, String certificate, String key, Instant now) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(ca.isEmpty() ? null : authorities(ca));
      if (certificate.isEmpty()) {
        return new Parsed.Ok<>(new EngineKeys(trust, null));
      }
      return switch (new KeyFiles(certificate, key, null).load(now)) {
        case Loaded.Bad bad -> new Parsed.Bad<>(bad.faults().getFirst().text());
        case Loaded.Good good -> new Parsed.Ok<>(new EngineKeys(trust, keys(good.credentials())));
      };
    } catch (NoSuchFileException | InvalidPathException e) {
      return new Parsed.Bad<>("is \"" + ca + "\", which does not exist");
    } catch (IOException e) {
      return new Parsed.Bad<>("is \"" + ca + "\", which cannot be read: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      return new Parsed.Bad<>("is \"" + ca + "\", which is no PEM with certificates");
    }
  }

  /// A context that, unlike the JDK's, also requires the certificate to be for the host that was
  /// dialled.
  public SSLContext context() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys == null ? null : keys.getKeyManagers(),
        new TrustManager[] {HostTrust.of(trust)},
        null);
    return context;
  }

  private static KeyStore authorities(String ca) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    try (InputStream in = Files.newInputStream(Path.of(ca))) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new GeneralSecurityException("no certificate");
      }
      for (Certificate each : all) {
        store.setCertificateEntry("ca-" + store.size(), each);
      }
    }
    return store;
  }

  private static KeyManagerFactory keys(Credentials credentials)
      throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    Certificate[] chain = credentials.chain().toArray(Certificate[]::new);
    store.setKeyEntry("client", credentials.key(), NO_PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    return keys;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
