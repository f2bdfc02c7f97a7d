package dev.fanfare.tls;

import java.net.Socket;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Also compares the server's certificate with the host that was dialled, for a client that does
/// not ask the JDK for it.
final class HostTrust extends X509ExtendedTrustManager {

  private static final String RULES = "HTTPS";

  private final X509ExtendedTrustManager trust;

  private HostTrust(X509ExtendedTrustManager trust) {
    this.trust = trust;
  }

  static HostTrust of(TrustManagerFactory factory) throws KeyStoreException {
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager trust) {
        return new HostTrust(trust);
      }
    }
    throw new KeyStoreException("the JDK has no trust manager for X.509");
  }

  private static SSLParameters strict(SSLParameters parameters) {
    parameters.setEndpointIdentificationAlgorithm(RULES);
    return parameters;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    if (socket instanceof SSLSocket secure) {
      secure.setSSLParameters(strict(secure.getSSLParameters()));
    }
    trust.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    engine.setSSLParameters(strict(engine.getSSLParameters()));
    trust.checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("the host is not known");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }
}
