package dev.fanfare.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// All formats of a certificate and its key are read, and every problem is reported precisely.
final class CredentialReaderTest {

  private static final String PASSWORD = "open sesame";

  @TempDir private static Path folder;
  private static Authority authority;

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(folder).issue("ec").issueRsa("rsa").issue("other");
    authority.issue("expired", "-20d", "-10d").issue("early", "+5d", "+15d");
    convert("rsa", "-traditional", "rsa.pkcs1");
    authority.openssl("ec", "-in", "ec.key", "-out", "ec.sec1");
    authority.openssl("ecparam", "-name", "prime256v1", "-out", "params");
    write("ec.with-params", authority.read("params") + authority.read("ec.sec1"));
    for (String scheme : List.of("aes-256-cbc", "aes-128-cbc")) {
      authority.openssl(
          "pkcs8", "-topk8", "-v2", scheme, "-in", "ec.key", "-out", scheme, "-passout", pass());
    }
    authority.openssl(
        "pkcs8",
        "-topk8",
        "-v1",
        "PBE-SHA1-3DES",
        "-in",
        "ec.key",
        "-out",
        "sha1-3des",
        "-passout",
        pass());
    authority.openssl(
        "pkcs8", "-topk8", "-scrypt", "-in", "ec.key", "-out", "scrypt", "-passout", pass());
    authority.openssl(
        "rsa",
        "-aes128",
        "-traditional",
        "-in",
        "rsa.key",
        "-out",
        "rsa.locked",
        "-passout",
        pass());
    pkcs12("both.p12", pass(), "-inkey", "ec.key", "-in", "ec.pem", "-certfile", "middle.pem");
    pkcs12("no-password.p12", "pass:", "-inkey", "ec.key", "-in", "ec.pem");
    pkcs12("no-key.p12", pass(), "-nokeys", "-in", "ec.pem");
  }

  private static void convert(String name, String how, String to) throws IOException {
    authority.openssl("rsa", how, "-in", name + ".key", "-out", to);
  }

  private static void pkcs12(String to, String pass, String... from) throws IOException {
    String[] start = {"pkcs12", "-export", "-out", to, "-passout", pass};
    String[] all = java.util.Arrays.copyOf(start, start.length + from.length);
    System.arraycopy(from, 0, all, start.length, from.length);
    authority.openssl(all);
  }

  private static String pass() {
    return "pass:" + PASSWORD;
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static Loaded load(String certificate, String key, String password) {
    return new KeyFiles(
            certificate.isEmpty() ? "" : folder.resolve(certificate).toString(),
            key.isEmpty() ? "" : folder.resolve(key).toString(),
            password.isEmpty() ? null : new Secret(password))
        .load(Instant.now());
  }

  private static Loaded.Good good(String certificate, String key, String password) {
    return switch (load(certificate, key, password)) {
      case Loaded.Good good -> good;
      case Loaded.Bad bad -> throw new AssertionError(bad.text());
    };
  }

  /// The report, with file names that do not depend on where the test runs.
  private static String bad(String certificate, String key, String password) {
    return switch (load(certificate, key, password)) {
      case Loaded.Good _ -> "nothing";
      case Loaded.Bad bad -> bad.text().replace(folder + "/", "");
    };
  }

  // What is read

  @ParameterizedTest
  @CsvSource({
    "ec-chain.pem, ec.key",
    "ec-chain.pem, ec.sec1",
    "ec-chain.pem, ec.with-params",
    "rsa-chain.pem, rsa.key",
    "rsa-chain.pem, rsa.pkcs1",
    "ec-chain.pem, aes-256-cbc",
    "ec-chain.pem, aes-128-cbc",
    "ec-chain.pem, sha1-3des",
    "both.p12, ''",
  })
  void allFormatsAreRead(String certificate, String key) {
    Loaded.Good good = good(certificate, key, PASSWORD);
    assertThat(good.remarks()).isEmpty();
    assertThat(good.credentials().chain()).hasSize(2);
    assertThat(good.credentials().hostName()).isEqualTo("localhost");
    assertThat(good.credentials().toString()).isEqualTo("Credentials of localhost");
  }

  @Test
  void aPkcs12WithoutAPasswordNeedsNone() {
    assertThat(good("no-password.p12", "", "").credentials().chain()).hasSize(1);
  }

  @Test
  void oneFileMayHoldBoth() throws IOException {
    write("together.pem", "for the shop\n" + authority.read("ec.key") + authority.read("ec.pem"));
    assertThat(good("together.pem", "", "").credentials().chain()).hasSize(1);
  }

  @Test
  void currentKeyFormatsAreRead() throws IOException {
    authority.openssl(
        "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "ed.key", "-out", "ed.pem",
        "-subj", "/CN=ed", "-days", "9");
    assertThat(good("ed.pem", "ed.key", "").credentials().key().getAlgorithm()).isEqualTo("EdDSA");
    assertThat(bad("ed.pem", "ec.key", "")).contains("which does not match the certificate");
  }

  // What is mended or doubted

  @Test
  void aChainInTheWrongOrderIsReordered() throws IOException {
    write(
        "jumble.pem",
        authority.read("root.pem") + authority.read("middle.pem") + authority.read("ec.pem"));
    Loaded.Good good = good("jumble.pem", "ec.key", "");
    assertThat(good.credentials().chain())
        .extracting(X509Certificate::getSubjectX500Principal)
        .extracting(Object::toString)
        .containsExactly("CN=ec", "CN=Test Middle", "CN=Test Root");
    assertThat(good.remarks())
        .containsExactly(
            "is \""
                + folder
                + "/jumble.pem\", which has its certificates in the wrong order; they are sent in"
                + " the right one");
  }

  @Test
  void anUnneededCertificateIsNotSent() throws IOException {
    write("more.pem", authority.read("ec-chain.pem") + authority.read("other.pem"));
    Loaded.Good good = good("more.pem", "ec.key", "");
    assertThat(good.credentials().chain()).hasSize(2);
    assertThat(good.remarks())
        .singleElement()
        .asString()
        .contains("holds 1 certificate not needed to verify the server's certificate; not sent");
  }

  @Test
  void aPublicCertificateWithoutIntermediatesIsDoubted() throws IOException {
    authority.openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "lonely.key",
        "-out",
        "lonely.pem",
        "-subj",
        "/CN=lonely",
        "-addext",
        "authorityInfoAccess=caIssuers;URI:http://example.com/ca.der");
    assertThat(good("lonely.pem", "lonely.key", "").remarks())
        .singleElement()
        .asString()
        .contains("has only the server's certificate", "fullchain.pem");
  }

  @Test
  void warnsWhenLessThan30DaysAndAThirdOfTheLifetimeAreLeft() {
    Credentials credentials = good("ec.pem", "ec.key", "").credentials();
    Instant end = credentials.expiry();
    assertThat(credentials.checkExpiry(end.minus(Duration.ofDays(25)))).isEqualTo(Parsed.PASSED);
    assertThat(Reason.of(credentials.checkExpiry(end.minus(Duration.ofDays(19)))))
        .isEqualTo("expires on " + end + ", in 19 days");
    assertThat(Reason.of(credentials.checkExpiry(end.plusSeconds(1))))
        .isEqualTo("expired on " + end + "; clients refuse it");
  }

  @Test
  void theNameForClientsIsOneThatWorks() throws IOException {
    authority.issue("pattern", "DNS:*.example.com");
    assertThat(good("pattern.pem", "pattern.key", "").credentials().hostName()).isEmpty();
    authority.issue("named", "DNS:*.example.com,DNS:live.example.com");
    Credentials named = good("named.pem", "named.key", "").credentials();
    assertThat(named.hostName()).isEqualTo("live.example.com");
    assertThat(named.subject()).isEqualTo("*.example.com, live.example.com");
  }

  // What is wrong

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    assertThat(bad("gone.pem", "gone.key", ""))
        .isEqualTo(
            "tls_certificate is \"gone.pem\", which does not exist; tls_key is \"gone.key\", which"
                + " does not exist");
    Files.createDirectories(folder.resolve("dir"));
    assertThat(bad("dir", "ec.key", "")).isEqualTo("tls_certificate is \"dir\", which is a folder");
    write("empty", "");
    assertThat(bad("ec.pem", "empty", "")).isEqualTo("tls_key is \"empty\", which is empty");
    write("huge", "x".repeat((1 << 20) + 1));
    assertThat(bad("huge", "ec.key", ""))
        .isEqualTo("tls_certificate is \"huge\", which has more than 1048576 bytes");
    assertThat(new KeyFiles("/dev/zero", "", null).load(Instant.now()))
        .isInstanceOfSatisfying(
            Loaded.Bad.class,
            bad ->
                assertThat(bad.text())
                    .isEqualTo("tls_certificate is \"/dev/zero\", which is not a regular file"));
  }

  @Test
  void aFileWithoutPermissionIsNamedWithTheUser() throws IOException {
    Path key = folder.resolve("forbidden.key");
    write("forbidden.key", authority.read("ec.key"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
    String text = bad("ec.pem", "forbidden.key", "");
    // Root may read everything.
    assertThat(text)
        .isEqualTo(
            Files.isReadable(key)
                ? "nothing"
                : "tls_key is \"forbidden.key\", which may not be read by the user of this process"
                    + " ("
                    + System.getProperty("user.name")
                    + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ec.key | ec.key | tls_certificate is \"ec.key\", which holds no certificate, only:"
            + " PRIVATE KEY",
        "ec.pem | ec.pem | tls_key is \"ec.pem\", which holds no private key, only: CERTIFICATE",
        "ec.pem | '' | tls_certificate is \"ec.pem\", which holds no private key, and tls_key is"
            + " not set",
        "ec.pem | other.key | tls_key is \"other.key\", which does not match the certificate"
            + " in \"ec.pem\"",
        "ec.pem | rsa.key | tls_key is \"rsa.key\", which does not match the certificate in"
            + " \"ec.pem\"",
        "ec.pem | both.p12 | tls_key is \"both.p12\", which is not PEM: it holds no line that"
            + " starts with -----BEGIN",
      })
  void missingOrMismatchedFilesAreReported(String certificate, String key, String text) {
    assertThat(bad(certificate, key, "")).isEqualTo(text);
  }

  @Test
  void aKeyThatIsEncryptedNeedsItsPassword() {
    assertThat(bad("ec.pem", "aes-256-cbc", ""))
        .isEqualTo(
            "tls_key is \"aes-256-cbc\", which is encrypted, and neither tls_password nor"
                + " tls_password_file is set");
    for (String key : List.of("aes-256-cbc", "sha1-3des")) {
      assertThat(bad("ec.pem", key, "guess"))
          .isEqualTo("tls_key is \"" + key + "\", which is encrypted, and tls_password is wrong");
    }
  }

  @Test
  void unsupportedKeyFormatsNameTheConversion() {
    String convert = "; `openssl pkcs8 -topk8 -v2 aes-256-cbc` converts it to a supported format";
    assertThat(bad("ec.pem", "scrypt", PASSWORD))
        .startsWith(
            "tls_key is \"scrypt\", which is encrypted with a scheme that this Java does not")
        .endsWith(convert);
    assertThat(bad("rsa.pem", "rsa.locked", PASSWORD))
        .isEqualTo(
            "tls_key is \"rsa.locked\", which holds a key that is encrypted in OpenSSL's"
                + " traditional format"
                + convert);
  }

  @Test
  void anUnusablePkcs12IsExplained() {
    String is = "tls_certificate is \"both.p12\", which ";
    assertThat(bad("both.p12", "", ""))
        .isEqualTo(is + "needs a password, and neither tls_password nor tls_password_file is set");
    assertThat(bad("both.p12", "", "guess")).isEqualTo(is + "cannot be opened with tls_password");
    assertThat(bad("both.p12", "ec.key", PASSWORD))
        .matches("tls_key is set, but \".*both.p12\" is PKCS12 and holds the key");
    assertThat(bad("no-key.p12", "", PASSWORD))
        .isEqualTo(
            "tls_certificate is \"no-key.p12\", which is a PKCS12 file without a private key");
  }

  @Test
  void otherFileFormatsAreRejected() throws IOException {
    authority.openssl("x509", "-in", "ec.pem", "-outform", "der", "-out", "ec.der");
    assertThat(bad("ec.der", "ec.key", ""))
        .isEqualTo(
            "tls_certificate is \"ec.der\", which is neither PEM nor a PKCS12 file that this Java"
                + " can read");
    write("text", "hello");
    assertThat(bad("text", "ec.key", ""))
        .isEqualTo("tls_certificate is \"text\", which is neither PEM nor PKCS12");
    Files.write(
        folder.resolve("jks"),
        "\u00fe\u00ed\u00fe\u00ed\u0000".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(bad("jks", "", "")).contains("which is a Java key store in the old JKS format");
  }

  @Test
  void truncatedAndDamagedFilesAreReported() throws IOException {
    String pem = authority.read("ec.pem");
    write("cut.pem", pem.substring(0, pem.length() / 2));
    assertThat(bad("cut.pem", "ec.key", ""))
        .isEqualTo("tls_certificate is \"cut.pem\", which has a block without an END line");
    write("damaged.pem", pem.replaceFirst("(?s)(-----\n)....", "$1AAAA"));
    assertThat(bad("damaged.pem", "ec.key", ""))
        .isEqualTo("tls_certificate is \"damaged.pem\", which has a damaged certificate");
    write("typo.pem", pem.replaceFirst("(?s)(-----\n)....", "$1A?AA"));
    assertThat(bad("typo.pem", "ec.key", ""))
        .isEqualTo(
            "tls_certificate is \"typo.pem\", which holds a CERTIFICATE that is not valid base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRIVATE", "RSA PRIVATE", "EC PRIVATE", "ENCRYPTED PRIVATE"})
  void aDamagedKeyIsReported(String label) throws IOException {
    for (String body : List.of("", "AAAA", "MAAA", "MAMCAQA=", "MIIBIjAN")) {
      write(
          "broken",
          "-----BEGIN " + label + " KEY-----\n" + body + "\n-----END " + label + " KEY-----\n");
      assertThat(bad("ec.pem", "broken", "x"))
          .startsWith("tls_key is \"broken\", which holds a ")
          .containsAnyOf(label + " KEY that is damaged", "key that this Java cannot use: ");
    }
  }

  @Test
  void expiredAndFutureCertificatesAreRefused() {
    assertThat(bad("expired.pem", "expired.key", ""))
        .matches("tls_certificate is \"expired.pem\", which expired on 20\\d\\d-\\S+Z");
    assertThat(bad("early.pem", "early.key", ""))
        .matches(
            "tls_certificate is \"early.pem\", which is not valid before 20\\d\\d-\\S+Z; it is"
                + " 20\\d\\d-\\S+Z here");
  }

  @Test
  void noKeyIsPrinted() {
    KeyFiles files = new KeyFiles(authority.path("ec.pem").toString(), "", new Secret("hush-hush"));
    assertThat(files.read().toString()).isEqualTo("********");
    assertThat(files.toString()).doesNotContain("hush-hush");
  }
}
