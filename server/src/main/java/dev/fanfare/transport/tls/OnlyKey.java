package dev.fanfare.transport.tls;

import dev.fanfare.tls.Credentials;
import dev.fanfare.tls.ServerKeys;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/// Offers one key, whatever type is asked for: BoringSSL itself checks that it fits the client.
final class OnlyKey extends ServerKeys {

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
  protected String choose(@Nullable String keyType) {
    return ALIAS;
  }

  @Override
  protected Credentials find(@Nullable String alias) {
    return credentials;
  }
}
