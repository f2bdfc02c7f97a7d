package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.testing.Authority;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Errors in TLS settings are reported at their location, before anything is started.
final class TlsConfigTest {

  @TempDir private static Path directory;
  private static Authority authority;

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(directory).issue("ec").issue("other");
    authority.issue("soon", "-57d", "+3d").issue("expired", "-20d", "-10d");
  }

  private static Given tls(String options) {
    return new Given(directory).yaml("server: {" + options.replace("@", directory + "/") + "}");
  }

  @Test
  void everyOptionIsRead() {
    TlsOptions options =
        tls("tls_certificate: @ec-chain.pem, tls_key: @ec.key, tls_port: 6002, tls_only: true")
            .variable("FANFARE_TLS_PASSWORD", "open sesame")
            .variable("FANFARE_TLS_PROTOCOLS", "TLSv1.3")
            .variable("FANFARE_TLS_ENGINE", "jdk")
            .config()
            .server()
            .tls();
    assertThat(options)
        .isEqualTo(
            authority
                .options("ec")
                .withPassword(new Secret("open sesame"))
                .withPort(6002)
                .withOnly(true)
                .withProtocols(List.of(TlsOptions.Protocol.TLS_1_3))
                .withEngine(TlsOptions.Engine.JDK));
  }

  @Test
  void errorsInFilesAreReportedAtTheirSettings() {
    assertThat(tls("tls_certificate: @gone.pem, tls_key: @gone.key").problems())
        .containsExactly(
            "fanfare.yaml:1:27: server.tls_certificate is \"gone.pem\", which does not exist",
            "fanfare.yaml:1:"
                + ("server: {tls_certificate: , tls_key: ".length() + 1 + length("gone.pem"))
                + ": server.tls_key is \"gone.key\", which does not exist");
    assertThat(
            new Given(directory)
                .variable("FANFARE_TLS_CERTIFICATE", directory + "/ec.pem")
                .variable("FANFARE_TLS_KEY", directory + "/other.key")
                .problems())
        .containsExactly(
            "environment: FANFARE_TLS_KEY is \"other.key\", which does not match the"
                + " certificate in \"ec.pem\"");
    assertThat(tls("tls_certificate: @expired.pem, tls_key: @expired.key").problems())
        .singleElement()
        .asString()
        .contains("server.tls_certificate is \"expired.pem\", which expired on ");
  }

  private static int length(String file) {
    return directory.resolve(file).toString().length();
  }

  @Test
  void aCertificateThatExpiresSoonIsAWarning() {
    assertThat(tls("tls_certificate: @soon-chain.pem, tls_key: @soon.key").warnings())
        .singleElement()
        .asString()
        .startsWith(
            "fanfare.yaml:1:27: server.tls_certificate is \"soon-chain.pem\", which expires")
        .matches(".*, in [23] days");
    assertThat(tls("tls_certificate: @ec-chain.pem, tls_key: @ec.key").warnings()).isEmpty();
  }

  @Test
  void tlsSettingsNeedACertificate() {
    assertThat(
            tls("tls_key: @ec.key, tls_password: hush, tls_port: 6002, tls_only: true").problems())
        .extracting(problem -> problem.replaceFirst(".*: ", ""))
        .containsExactly(
            "server.tls_key is set, but server.tls_certificate is not",
            "server.tls_password is set, but server.tls_certificate is not",
            "server.tls_port is set, but server.tls_certificate is not",
            "server.tls_only is set, but server.tls_certificate is not");
    assertThat(tls("tls_certificate: ''").problems()).isEmpty();
  }

  @Test
  void theTlsPortDiffersFromThePlainPort() {
    assertThat(
            tls("port: 6002, tls_certificate: @ec.pem, tls_key: @ec.key, tls_port: 6002")
                .problems())
        .singleElement()
        .asString()
        .endsWith("server.tls_port is 6002, but so is server.port; 0 serves both on one port");
  }

  @Test
  void weakAndUnknownVersionsAreRefused() {
    String files = "tls_certificate: @ec.pem, tls_key: @ec.key, ";
    for (String version : List.of("TLSv1.1", "SSLv3", "tlsv1.3", "TLSv1.4")) {
      assertThat(tls(files + "tls_protocols: [TLSv1.3, " + version + "]").problems())
          .singleElement()
          .asString()
          .endsWith(
              "server.tls_protocols has \""
                  + version
                  + "\", but each must be one or both of TLSv1.2 and TLSv1.3");
    }
    assertThat(tls(files + "tls_protocols: []").problems())
        .singleElement()
        .asString()
        .endsWith("server.tls_protocols is empty, but must be one or both of TLSv1.2 and TLSv1.3");
  }

  @Test
  void aPasswordIsReadFromAFileAndNeverPrinted() {
    Given given = tls("tls_certificate: @ec.pem, tls_key: @ec.key, tls_password_file: @password");
    given.write("password", "hush-hush\n");
    assertThat(given.config().server().tls().password()).isEqualTo(new Secret("hush-hush"));
    assertThat(given.printed()).doesNotContain("hush-hush").contains("tls_password: \"********\"");
    assertThat(given.config().toString()).doesNotContain("hush-hush");
  }

  @Test
  void soketisNamesAreRead() {
    Given given =
        new Given(directory)
            .variable("SOKETI_DEFAULT_APP_ID", "1")
            .variable("SOKETI_DEFAULT_APP_KEY", "abc")
            .variable("SOKETI_DEFAULT_APP_SECRET", "x")
            .variable("SOKETI_SSL_CERT", directory + "/ec-chain.pem")
            .variable("SOKETI_SSL_KEY", directory + "/ec.key")
            .variable("SOKETI_SSL_PASS", "hush-hush");
    assertThat(given.config().server().tls())
        .isEqualTo(authority.options("ec").withPassword(new Secret("hush-hush")));
    assertThat(given.warnings())
        .contains("environment: SOKETI_SSL_CERT is read as FANFARE_TLS_CERTIFICATE")
        .noneMatch(warning -> warning.contains("hush-hush"));
  }

  @Test
  void enablingTlsNeedsARestart() {
    Config without = new Given(directory).config();
    Config with = tls("tls_certificate: @ec.pem, tls_key: @ec.key, tls_password: x").config();
    List<String> all = List.of("server.tls_certificate", "server.tls_key", "server.tls_password");
    assertThat(FixedOptions.needed(without, with)).isEqualTo(all);
    assertThat(FixedOptions.needed(with, without)).hasSize(3);
    assertThat(FixedOptions.needed(with, with)).isEmpty();
  }
}
