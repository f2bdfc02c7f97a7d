package dev.fanfare.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Keys of a server, which never authenticates as a client. Any thread.
public abstract class ServerKeys extends X509ExtendedKeyManager {

  /// The alias of the key for a handshake; null if there is none of that type.
  ///
  /// @param keyType as the JSSE names it, such as `EC`
  protected abstract @Nullable String choose(@Nullable String keyType);

  /// What [#choose] meant by that alias; null if it is not known any more.
  protected abstract @Nullable Credentials find(@Nullable String alias);

  @Override
  public final @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public final @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return choose(keyType);
  }

  @Override
  public final String @Nullable [] getServerAliases(
      String keyType, Principal @Nullable [] issuers) {
    String alias = choose(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public final X509Certificate @Nullable [] getCertificateChain(String alias) {
    Credentials found = find(alias);
    return found == null ? null : found.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public final @Nullable PrivateKey getPrivateKey(String alias) {
    Credentials found = find(alias);
    return found == null ? null : found.key();
  }

  @Override
  public final String @Nullable [] getClientAliases(
      String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public final @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
