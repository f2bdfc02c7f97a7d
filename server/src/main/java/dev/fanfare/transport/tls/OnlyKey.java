package dev.fanfare.transport.tls;

import dev.fanfare.tls.Credentials;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Offers one key, whatever type is asked for: BoringSSL itself checks that it fits the client.
final class OnlyKey extends X509ExtendedKeyManager {

  private static final String ALIAS = "server";

  private final Credentials credentials;

  private OnlyKey(Credentials credentials) {
    this.credentials = credentials;
  }

  /// What Netty asks for the key.
  static final class Factory extends KeyManagerFactory {

    Factory(Credentials credentials) {
      super(new Spi(new OnlyKey(credentials)), null, "one key");
    }
  }

  private static final class Spi extends KeyManagerFactorySpi {

    private final OnlyKey manager;

    Spi(OnlyKey manager) {
      this.manager = manager;
    }

    @Override
    protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
      // it has its key
    }

    @Override
    protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
      // it has its key
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {manager};
    }
  }

  @Override
  public String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return credentials.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return credentials.key();
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
