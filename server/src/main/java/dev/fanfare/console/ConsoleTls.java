package dev.fanfare.console;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import dev.fanfare.tls.Credentials;
import dev.fanfare.tls.ServerKeys;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
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
  private static final class Keys extends ServerKeys {

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

    @Override
    protected @Nullable Credentials find(@Nullable String alias) {
      return alias(newest).equals(alias) ? newest : alias(former).equals(alias) ? former : null;
    }

    @Override
    protected @Nullable String choose(@Nullable String keyType) {
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
  }
}
