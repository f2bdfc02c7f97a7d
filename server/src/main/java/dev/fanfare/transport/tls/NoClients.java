package dev.fanfare.transport.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/// Trusts no client: clients are not asked for certificates. Without it, BoringSSL would get a copy
/// of the JDK's authorities with each certificate of the server.
final class NoClients implements X509TrustManager {

  static final NoClients TRUST = new NoClients();

  private NoClients() {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("certificates of clients are not accepted");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("this is a server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
