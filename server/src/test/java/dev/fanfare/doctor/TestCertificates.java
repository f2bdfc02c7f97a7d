package dev.fanfare.doctor;

import dev.fanfare.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Valid and invalid certificates, created by the JDK's keytool and written as PEM.
final class TestCertificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  TestCertificates(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("keys.p12");
  }

  /// Creates a key pair and its certificate.
  ///
  /// @param more keytool's options, such as `-signer ca` and `-ext san=dns:localhost`
  TestCertificates make(String alias, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + alias));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(more));
    Programs.run(command.toArray(String[]::new));
    return this;
  }

  /// A file with the certificates of these, in this order.
  Path pem(String... aliases) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (String alias : aliases) {
        Certificate certificate = keys().getCertificate(alias);
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    return Files.writeString(folder.resolve(String.join("-", aliases) + ".pem"), text);
  }

  /// A file with the key.
  Path key(String alias) throws IOException {
    try {
      byte[] key = keys().getKey(alias, PASSWORD.toCharArray()).getEncoded();
      return Files.writeString(folder.resolve(alias + ".key"), block("PRIVATE KEY", key));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static String block(String what, byte[] bytes) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN "
        + what
        + "-----\n"
        + encoder.encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
