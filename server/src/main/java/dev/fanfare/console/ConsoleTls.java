package dev.fanfare.console;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import dev.fanfare.tls.Credentials;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// TLS of the console's port, with the certificate of the server: a renewed one is used from the
/// next handshake on.
final class ConsoleTls extends HttpsConfigurator {

  private final List<String> protocols;

  private ConsoleTls(SSLContext context, List<String> protocols) {
    super(context);
    this.protocols = List.copyOf(protocols);
  }

  /// @param credentials in use
  /// @param protocols versions that clients may use
  static ConsoleTls of(Supplier<Credentials> credentials, List<String> protocols)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new Keys(credentials)}, null, null);
    return new ConsoleTls(context, protocols);
  }

  @Override
  public void configure(HttpsParameters parameters) {
    SSLParameters tls = getSSLContext().getDefaultSSLParameters();
    tls.setProtocols(protocols.toArray(String[]::new));
    parameters.setSSLParameters(tls);
  }

  /// Key and chain of one handshake are asked for one after the other: the alias says of which
  /// credentials, so that they fit together while a certificate is replaced.
  private static final class Keys extends X509ExtendedKeyManager {

    private final Supplier<Credentials> current;

    /// Those of the last two handshakes that differ.
    private volatile Credentials newest;

    private volatile Credentials former;

    private Keys(Supplier<Credentials> current) {
      this.current = current;
      this.newest = current.get();
      this.former = newest;
    }

    private static String alias(Credentials credentials) {
      return Integer.toHexString(System.identityHashCode(credentials));
    }

    private @Nullable Credentials find(String alias) {
      return alias.equals(alias(newest)) ? newest : alias.equals(alias(former)) ? former : null;
    }

    private @Nullable String choose(@Nullable String keyType) {
      Credentials used = newest;
      if (!used.equals(current.get())) {
        former = used;
        used = current.get();
        newest = used;
      }
      String own = used.key().getAlgorithm();
      boolean fits = own.equals(keyType) || (own.equals("RSA") && "RSASSA-PSS".equals(keyType));
      return fits ? alias(used) : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
      return choose(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, Socket socket) {
      return choose(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      Credentials found = find(alias);
      return found == null ? null : found.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      Credentials found = find(alias);
      return found == null ? null : found.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      String alias = choose(keyType);
      return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }
}
