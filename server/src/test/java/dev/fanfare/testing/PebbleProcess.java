package dev.fanfare.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Pebble, an authority that speaks ACME, of Debian's packages. It rejects some nonces on purpose,
/// asks for a challenge in every order, and forgets everything when it is started again.
public final class PebbleProcess implements AutoCloseable {

  /// An account elsewhere, and the key that proves it.
  public static final String KEY_ID = "member-1";

  public static final String MAC_KEY = "bXVzdC1oYXZlLXRoaXJ0eS10d28tYnl0ZXMtYXQtbGVhc3Q";

  private final EngineProcess process;
  private final Authority authority;
  private final int managementPort;

  private PebbleProcess(EngineProcess process, Authority authority, int managementPort) {
    this.process = process;
    this.authority = authority;
    this.managementPort = managementPort;
  }

  /// Starts one that looks for answers on these ports of each domain.
  ///
  /// @param folder for its files
  public static PebbleProcess start(Path folder, int httpPort, int tlsPort) throws IOException {
    return start(folder, httpPort, tlsPort, false);
  }

  /// Starts one that knows accounts with [#KEY_ID] only.
  public static PebbleProcess startForMembers(Path folder, int httpPort) throws IOException {
    return start(folder, httpPort, FreePort.number(), true);
  }

  private static PebbleProcess start(Path folder, int httpPort, int tlsPort, boolean isForMembers)
      throws IOException {
    Path root = Packages.unpacked("pebble");
    Authority authority = Authority.in(folder).issue("pebble");
    int managementPort = FreePort.number();
    EngineProcess process =
        EngineProcess.start(
            folder,
            "",
            port ->
                List.of(
                    "env",
                    "PEBBLE_VA_NOSLEEP=1",
                    "PEBBLE_AUTHZREUSE=0",
                    root.resolve("usr/bin/pebble").toString(),
                    "-strict",
                    "-config",
                    configuration(folder, port, managementPort, httpPort, tlsPort, isForMembers)));
    return new PebbleProcess(process, authority, managementPort);
  }

  private static String configuration(
      Path folder, int port, int managementPort, int httpPort, int tlsPort, boolean isForMembers) {
    String text =
        """
        {"pebble": {
          "listenAddress": "127.0.0.1:%d",
          "managementListenAddress": "127.0.0.1:%d",
          "certificate": "%s/pebble-chain.pem",
          "privateKey": "%s/pebble.key",
          "httpPort": %d,
          "tlsPort": %d,
          "externalAccountBindingRequired": %s,
          "externalAccountMACKeys": {"%s": "%s"},
          "certificateValidityPeriod": 7776000
        }}
        """
            .formatted(
                port,
                managementPort,
                folder,
                folder,
                httpPort,
                tlsPort,
                isForMembers,
                KEY_ID,
                MAC_KEY);
    try {
      return Files.writeString(folder.resolve("pebble.json"), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The URL of its directory.
  public String directory() {
    return "https://127.0.0.1:" + process.port() + "/dir";
  }

  /// A PEM with the authority that signed the certificate of the directory.
  public String ca() {
    return authority.path("root.pem").toString();
  }

  /// A key store with the root of what it issues since it was last started.
  public Path trustStore() throws IOException {
    Path path = authority.path("pebble.jks");
    try (var out = Files.newOutputStream(path)) {
      KeyStore store = KeyStore.getInstance("JKS");
      store.load(null, null);
      store.setCertificateEntry("root", root());
      store.store(out, "changeit".toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    return path;
  }

  /// What a client has that believes what it issues.
  public SSLContext trust() throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("root", root());
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private X509Certificate root() throws IOException, GeneralSecurityException {
    URI url = URI.create("https://127.0.0.1:" + managementPort + "/roots/0");
    HttpsURLConnection connection = (HttpsURLConnection) url.toURL().openConnection();
    connection.setSSLSocketFactory(authority.trust().getSocketFactory());
    try (InputStream in = connection.getInputStream()) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /// Kills it.
  public void kill() {
    process.kill();
  }

  /// Starts it again on the same ports, without what it knew.
  public void restart() throws IOException {
    process.restart();
  }

  @Override
  public void close() {
    process.close();
  }
}
