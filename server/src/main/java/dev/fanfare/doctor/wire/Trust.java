package dev.fanfare.doctor.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The certificates to trust.
public final class Trust {

  private final X509TrustManager manager;

  private Trust(X509TrustManager manager) {
    this.manager = manager;
  }

  /// Trusts what the JDK trusts, or only the certificates of a PEM file.
  ///
  /// @throws IOException if the file cannot be read or holds no certificate
  public static Trust of(@Nullable Path ca) throws IOException {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(ca == null ? null : store(ca));
      return new Trust(
          Arrays.stream(factory.getTrustManagers())
              .filter(X509TrustManager.class::isInstance)
              .map(X509TrustManager.class::cast)
              .findFirst()
              .orElseThrow());
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificates in " + ca + ": " + e.getMessage(), e);
    }
  }

  private static KeyStore store(Path ca) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(ca)) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      if (number == 0) {
        throw new CertificateException("there is none");
      }
    }
    return store;
  }

  /// Why the chain is not trusted; null if it is.
  public @Nullable CertificateException rejection(List<X509Certificate> chain) {
    try {
      manager.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
      return null;
    } catch (CertificateException e) {
      return e;
    }
  }

  /// True if the issuer of this certificate is trusted.
  public boolean hasIssuerOf(X509Certificate certificate) {
    return Arrays.stream(manager.getAcceptedIssuers())
        .anyMatch(
            each -> each.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()));
  }

  /// Creates sockets that abort the handshake if the certificate is not trusted.
  public SSLSocketFactory strict() {
    return factory(manager);
  }

  /// Creates sockets that accept any certificate, so that an untrusted one can be examined.
  public static SSLSocketFactory lenient() {
    return factory(new TrustAll());
  }

  private static SSLSocketFactory factory(TrustManager manager) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  /// Trusts any certificate. Extends the extended kind, because the JDK wraps others in more
  /// checks.
  private static final class TrustAll extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
