package dev.fanfare.testing;

import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Issues certificates, valid from now on unless a test wants it otherwise, into files of a folder:
/// `NAME.pem` has the certificate, `NAME-chain.pem` its intermediates too, `NAME.key` the key in
/// PKCS#8. Nothing of it is older than the test.
public final class Authority {

  private static final String NAMES = "DNS:localhost,IP:127.0.0.1";

  private final Path folder;

  private Authority(Path folder) {
    this.folder = folder;
  }

  /// A fresh authority, with an intermediate below it.
  public static Authority in(Path folder) throws IOException {
    Programs.require("openssl");
    Authority authority = new Authority(folder);
    authority.request("root", "ec -pkeyopt ec_paramgen_curve:P-256", "/CN=Test Root");
    authority.sign("root", "root", "-30d", "+60d", "basicConstraints=critical,CA:true");
    authority.request("middle", "ec -pkeyopt ec_paramgen_curve:P-256", "/CN=Test Middle");
    authority.sign("middle", "root", "-30d", "+60d", "basicConstraints=critical,CA:true");
    return authority;
  }

  /// A certificate for this machine with a key of EC.
  public Authority issue(String name) throws IOException {
    return issue(name, NAMES);
  }

  /// A certificate for other names, in OpenSSL's way of writing them.
  public Authority issue(String name, String names) throws IOException {
    return issue(name, "ec -pkeyopt ec_paramgen_curve:P-256", "-1d", "+59d", names);
  }

  /// A certificate with a key of RSA.
  public Authority issueRsa(String name) throws IOException {
    return issue(name, "rsa:2048", "-1d", "+59d", NAMES);
  }

  /// A certificate with a key of another kind, in OpenSSL's way of naming them: `ed25519`.
  public Authority issueOf(String name, String kind) throws IOException {
    return issue(name, kind, "-1d", "+59d", NAMES);
  }

  /// A certificate that is valid from and to some days before (`-1d`) or after (`+1d`) today.
  public Authority issue(String name, String from, String to) throws IOException {
    return issue(name, "ec -pkeyopt ec_paramgen_curve:P-256", from, to, NAMES);
  }

  private Authority issue(String name, String kind, String from, String to, String names)
      throws IOException {
    request(name, kind, "/CN=" + name);
    sign(name, "middle", from, to, "subjectAltName=" + names);
    Files.writeString(path(name + "-chain.pem"), read(name + ".pem") + read("middle.pem"));
    return this;
  }

  private void request(String name, String kind, String subject) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("req", "-new", "-nodes", "-subj", subject));
    arguments.add("-newkey");
    arguments.addAll(Arrays.asList(kind.split(" ")));
    arguments.addAll(List.of("-keyout", name + ".key", "-out", name + ".csr"));
    openssl(arguments.toArray(String[]::new));
  }

  /// With `openssl ca`, for its other commands cannot issue what has expired.
  private void sign(String name, String issuer, String from, String to, String extension)
      throws IOException {
    Files.writeString(path("index.txt"), "");
    Files.writeString(
        path("ca.conf"),
        """
        [ca]
        default_ca = test
        [test]
        database = index.txt
        rand_serial = yes
        new_certs_dir = .
        default_md = sha256
        policy = any
        x509_extensions = extensions
        [any]
        commonName = supplied
        [extensions]
        subjectKeyIdentifier = hash
        %s
        """
            .formatted(extension));
    boolean isRoot = name.equals(issuer);
    openssl(
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca.conf",
        "-in",
        name + ".csr",
        "-out",
        name + ".pem",
        "-startdate",
        date(from),
        "-enddate",
        date(to),
        "-keyfile",
        issuer + ".key",
        isRoot ? "-selfsign" : "-cert",
        isRoot ? "-batch" : issuer + ".pem");
  }

  private static String date(String days) {
    long seconds = Long.parseLong(days.substring(0, days.length() - 1)) * 86_400;
    return DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
        .format(OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(seconds));
  }

  /// Runs openssl in the folder.
  public void openssl(String... arguments) throws IOException {
    StringBuilder line = new StringBuilder("cd '" + folder + "' && openssl");
    for (String argument : arguments) {
      line.append(" '").append(argument).append('\'');
    }
    Programs.run("sh", "-c", line.toString());
  }

  public Path path(String file) {
    return folder.resolve(file);
  }

  public String read(String file) {
    try {
      return Files.readString(path(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A server's options, with the chain and the key that were issued under this name.
  public TlsOptions options(String name) {
    return TlsOptions.OFF
        .withCertificate(path(name + "-chain.pem").toString())
        .withKey(path(name + ".key").toString());
  }

  /// A key store with nothing but this authority, for `javax.net.ssl.trustStore`.
  public Path trustStore() throws IOException {
    Path path = path("trust.jks"); // of all kinds, this one can be read without a password
    try (var out = Files.newOutputStream(path)) {
      trusted("JKS").store(out, "changeit".toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    return path;
  }

  private KeyStore trusted(String kind) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(kind);
    store.load(null, null);
    try (var in = Files.newInputStream(path("root.pem"))) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      store.setCertificateEntry("root", factory.generateCertificate(in));
    }
    return store;
  }

  /// What a client has that believes this authority and no other.
  public SSLContext trust() throws IOException {
    try {
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted("PKCS12"));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /// A client's socket of TLS that has shaken hands with a server on this machine.
  ///
  /// @param protocols versions that the client offers; all that it knows if there are none
  public SSLSocket connect(int port, String... protocols) throws IOException {
    SSLSocket socket = (SSLSocket) trust().getSocketFactory().createSocket("127.0.0.1", port);
    return shakeHands(socket, protocols);
  }

  /// The same over a socket on which something else was said before.
  public SSLSocket over(Socket socket) throws IOException {
    return shakeHands(
        (SSLSocket) trust().getSocketFactory().createSocket(socket, "127.0.0.1", 0, true));
  }

  private static SSLSocket shakeHands(SSLSocket socket, String... protocols) throws IOException {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }
}
