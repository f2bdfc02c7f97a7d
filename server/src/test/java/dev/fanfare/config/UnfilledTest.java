package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Credentials that were never filled in stop the start, wherever they are written.
final class UnfilledTest {

  private static final String QUOTED =
      " is enclosed in quotation marks that are part of the value, as the env files of Docker keep"
          + " them; remove them";
  private static final String REFERENCE =
      " refers to a variable, such as ${NAME}, which is not replaced here; write the value itself,"
          + " or let the program that starts the server replace it";
  private static final String PLACEHOLDER =
      " is the placeholder of an example; generate a value, with openssl rand -hex 20 for example";

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  private Given app(String id, String key, String secret) {
    return given
        .variable("FANFARE_APP_ID", id)
        .variable("FANFARE_APP_KEY", key)
        .variable("FANFARE_APP_SECRET", secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"s3cret\"", "'s3cret'", "\"\""})
  void quotationMarksOfAnEnvFileAreRefused(String secret) {
    assertThat(app("1", "k", secret).problems())
        .containsExactly("environment: FANFARE_APP_SECRET" + QUOTED);
    startEmpty();
    given.variable("FANFARE_APPS", "k:" + secret + "@1");
    assertThat(given.problems()).hasSize(1).first().asString().endsWith(QUOTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${SECRET}",
        "prefix-${SECRET:-x}-suffix",
        "$SECRET",
        "$(SECRET)",
        "{{ secret }}",
        "<your secret>",
        "%SECRET%"
      })
  void aReferenceThatNothingReplacedIsRefused(String secret) {
    assertThat(app("1", "k", secret).problems())
        .containsExactly("environment: FANFARE_APP_SECRET" + REFERENCE);
    startEmpty();
    String yaml = "apps: [{id: 1, key: k, secret: '%s'}]".formatted(secret);
    assertThat(given.yaml(yaml).problems())
        .containsExactly("fanfare.yaml:1:32: apps[0].secret" + REFERENCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "change-me",
        "changeme",
        "CHANGE_ME",
        "change-me-too",
        "change this",
        "replace-me",
        "your-secret",
        "your_app_secret",
        "your-pusher-app-secret",
        "your-key"
      })
  void aPlaceholderIsRefused(String secret) {
    assertThat(app("1", "k", secret).problems())
        .containsExactly("environment: FANFARE_APP_SECRET" + PLACEHOLDER);
  }

  @Test
  void everyCredentialOfEveryOriginIsChecked() {
    given
        .variable("FANFARE_APPS_0_ID", "${ID}")
        .variable("FANFARE_APPS_0_KEY", "'key'")
        .variable("FANFARE_APPS_0_SECRET", "good")
        .variable("FANFARE_APPS_0_PREVIOUS_SECRET", "change-me");
    assertThat(given.problems())
        .containsExactlyInAnyOrder(
            "environment: FANFARE_APPS_0_ID" + REFERENCE,
            "environment: FANFARE_APPS_0_KEY" + QUOTED,
            "environment: FANFARE_APPS_0_PREVIOUS_SECRET" + PLACEHOLDER);
    startEmpty();
    given
        .variable("SOKETI_DEFAULT_APP_ID", "your-app-id")
        .variable("SOKETI_DEFAULT_APP_KEY", "k")
        .variable("SOKETI_DEFAULT_APP_SECRET", "${PUSHER_APP_SECRET}");
    assertThat(given.problems())
        .containsExactlyInAnyOrder(
            "environment: SOKETI_DEFAULT_APP_ID" + PLACEHOLDER,
            "environment: SOKETI_DEFAULT_APP_SECRET" + REFERENCE);
  }

  @Test
  void theTextOfASecretsFileIsCheckedToo() {
    String file = given.write("secret", "\"s3cret\"\n").toString();
    given
        .variable("FANFARE_APP_ID", "1")
        .variable("FANFARE_APP_KEY", "k")
        .variable("FANFARE_APP_SECRET_FILE", file);
    assertThat(given.problems())
        .containsExactly("environment: FANFARE_APP_SECRET_FILE names a file whose text" + QUOTED);
  }

  @Test
  void aHeaderIsCheckedForReferencesOnly() {
    String yaml =
        """
        apps:
          - id: "1"
            key: k
            secret: good
            webhooks:
              - {url: "http://a/", headers: {Authorization: "%s"}}
        """;
    assertThat(given.yaml(yaml.formatted("Bearer ${TOKEN}")).problems())
        .containsExactly(
            "fanfare.yaml:6:38: apps[0].webhooks[0].headers has Authorization with a value that"
                + REFERENCE);
    assertThat(given.yaml(yaml.formatted("\\\"quoted\\\"")).problems()).isEmpty();
  }

  @Test
  void soketisDefaultSecretIsAWarning() {
    assertThat(app("app-id", "app-key", "app-secret").warnings())
        .contains(
            "environment: FANFARE_APP_SECRET is soketi's default, which is public: anyone who"
                + " reaches the server can publish and join private channels. Generate one, with"
                + " openssl rand -hex 20 for example");
  }

  @ParameterizedTest
  @CsvSource({
    "my-key, s3cret",
    "changelog, exchange-me",
    "your, yourself",
    "k, a\"b\"",
    "k, 'a$b{c}d'",
    "k, 100%"
  })
  void realCredentialsAreAccepted(String key, String secret) {
    assertThat(app("1", key, secret).problems()).isEmpty();
  }

  @Test
  void aTlsPasswordIsWhateverOpensTheFile() {
    given.variable("FANFARE_TLS_PASSWORD", "change-me");
    assertThat(given.problems())
        .containsExactly(
            "environment: FANFARE_TLS_PASSWORD is set, but server.tls_certificate is not");
  }
}
