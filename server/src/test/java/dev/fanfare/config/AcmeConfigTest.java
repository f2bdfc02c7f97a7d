package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.app.Secret;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Settings of ordered certificates: what they become, and errors before anything is started.
final class AcmeConfigTest {

  private static final String ON = "acme_domains: [localhost], acme_terms_agreed: true";

  @TempDir private Path directory;

  private Given acme(String options) {
    return new Given(directory).yaml("server: {" + options + "}");
  }

  @Test
  void everyOptionIsRead() {
    Config config =
        acme("acme_domains: [Realtime.Example.com, b.example.com], acme_terms_agreed: true")
            .variable("FANFARE_ACME_EMAIL", "ops@example.com")
            .variable("FANFARE_ACME_DIRECTORY", "https://ca.example/dir")
            .variable("FANFARE_ACME_DIR", "/var/lib/fanfare/acme")
            .variable("FANFARE_ACME_HTTP_PORT", "8080")
            .variable("FANFARE_ACME_RENEW_DAYS", "20")
            .variable("FANFARE_ACME_KEY_ID", "kid")
            .variable("FANFARE_ACME_MAC_KEY", "bWFj")
            .config();
    assertThat(config.acme())
        .isEqualTo(
            AcmeOptions.OFF
                .withDomains(List.of("realtime.example.com", "b.example.com"))
                .withTermsAgreed(true)
                .withEmail("ops@example.com")
                .withDirectory("https://ca.example/dir")
                .withFolder("/var/lib/fanfare/acme")
                .withHttpPort(8_080)
                .withRenewDays(20)
                .withKeyId("kid")
                .withMacKey(new Secret("bWFj")));
    assertThat(config.server().tls().certificate())
        .isEqualTo("/var/lib/fanfare/acme/ca.example-dir/certificate.pem");
    assertThat(config.server().tls().isOrdered()).isTrue();
  }

  @Test
  void theTermsMustBeAgreedTo() {
    assertThat(acme("acme_domains: [localhost]").problems())
        .containsExactly(
            "fanfare.yaml:1:24: server.acme_domains is set, but server.acme_terms_agreed is not"
                + " true: read the terms of letsencrypt and set it if you agree");
  }

  @Test
  void aDomainMustBeAHostName() {
    String must =
        ", but each must be a host name such as realtime.example.com, not a wildcard or an address";
    assertThat(
            acme("acme_terms_agreed: true, acme_domains: ['*.example.com', 10.0.0.1]").problems())
        .containsExactly(
            "fanfare.yaml:1:50: server.acme_domains has \"*.example.com\"" + must,
            "fanfare.yaml:1:67: server.acme_domains has \"10.0.0.1\"" + must);
  }

  @Test
  void thereIsOneCertificate() {
    assertThat(acme(ON + ", tls_certificate: /etc/a.pem").problems())
        .containsExactly(
            "fanfare.yaml:1:79: server.tls_certificate is set, but server.acme_domains orders a"
                + " certificate; keep one");
  }

  @Test
  void settingsWithoutDomainsAreAMistake() {
    assertThat(acme("acme_email: a@example.com").problems())
        .containsExactly(
            "fanfare.yaml:1:22: server.acme_email is set, but server.acme_domains is not");
  }

  @Test
  void portsDiffer() {
    assertThat(acme(ON + ", port: 80").problems())
        .containsExactly("fanfare.yaml:1:68: server.acme_http_port is 80, but so is server.port");
  }

  @Test
  void aKeyAndItsIdentifierBelongTogether() {
    assertThat(acme(ON + ", acme_key_id: kid").problems())
        .containsExactly(
            "fanfare.yaml:1:75: server.acme_key_id is set, but server.acme_mac_key is not");
    assertThat(acme(ON + ", acme_mac_key: bWFj").problems())
        .containsExactly(
            "fanfare.yaml:1:76: server.acme_mac_key is set, but server.acme_key_id is not");
  }

  @Test
  void nodesOfAClusterCannotAnswerOverTls() {
    assertThat(
            new Given(directory)
                .yaml(
                    "server: {"
                        + ON
                        + ", acme_challenge: tls-alpn-01}\n"
                        + "cluster: {bus: redis, redis_urls: ['redis://127.0.0.1']}")
                .problems())
        .containsExactly(
            "fanfare.yaml:1:78: server.acme_challenge is tls-alpn-01, but cluster.bus is redis, and"
                + " the authority may reach another node; use http-01");
  }

  @Test
  void authoritiesThatCannotBeReadAreReported() {
    assertThat(acme(ON + ", acme_ca: /nowhere/ca.pem").problems())
        .containsExactly(
            "fanfare.yaml:1:71: server.acme_ca is \"/nowhere/ca.pem\", which does not exist");
  }
}
