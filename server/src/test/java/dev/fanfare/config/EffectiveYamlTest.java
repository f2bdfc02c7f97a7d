package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.value.Yaml;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EffectiveYamlTest {

  @TempDir Path directory;

  private Given given() {
    return new Given(directory)
        .yaml(
            """
            server: {port: 7001, path_prefix: /live}
            apps:
              - id: "1"
                key: abc
                secret: not-shown
                allowed_origins: [a.com, "*.b.com"]
            """)
        .variable("FANFARE_APPS", "def:not-shown-either@2")
        .variable("FANFARE_APP_ID", "1")
        .variable("FANFARE_APP_LIMITS_MAX_EVENT_BYTES", "99")
        .flag("--host", "127.0.0.1");
  }

  @Test
  void everyValueHasItsSource() {
    assertThat(given().printed().lines().map(line -> line.replaceAll(" +#", " #")))
        .contains(
            "server:",
            "  host: \"127.0.0.1\" # --host",
            "  port: 7001 # fanfare.yaml:1:16",
            "  path_prefix: /live # fanfare.yaml:1:35",
            "  lanes: 0 # default",
            "apps:",
            "  - id: \"1\" # FANFARE_APP_ID",
            "    key: abc # fanfare.yaml:4:10",
            "    allowed_origins: [a.com, \"*.b.com\"] # fanfare.yaml:6:22",
            "    limits:",
            "      max_event_bytes: 99 # FANFARE_APP_LIMITS_MAX_EVENT_BYTES",
            "  - id: \"2\" # FANFARE_APPS",
            "    key: def # FANFARE_APPS");
  }

  @Test
  void secretsAreMasked() {
    assertThat(given().printed())
        .doesNotContain("not-shown")
        .containsPattern("secret: \"\\*{8}\" +# fanfare.yaml:5:13")
        .containsPattern("secret: \"\\*{8}\" +# FANFARE_APPS");
  }

  @Test
  void theQueryOfAnEndpointIsMasked() {
    Given given =
        given()
            .variable("FANFARE_APP_WEBHOOKS_0_URL", "https://example.com/hooks?token=not-shown")
            .variable("FANFARE_APP_WEBHOOKS_1_URL", "https://example.com/plain");
    assertThat(given.printed())
        .doesNotContain("not-shown")
        .contains("url: \"https://example.com/hooks?********\"")
        .contains("https://example.com/plain");
  }

  @Test
  void aPreviousSecretIsPrintedIfThereIsOne() {
    Given given = given().variable("FANFARE_APP_PREVIOUS_SECRET", "previous-not-shown");
    assertThat(given.printed().lines().filter(line -> line.contains("previous_secret")))
        .singleElement()
        .asString()
        .matches(" +previous_secret: \"\\*{8}\" +# FANFARE_APP_PREVIOUS_SECRET");
  }

  @Test
  void theOutputReadsBackAsTheSameConfiguration() {
    Config config = given().config();
    Config again = new Given(directory).yaml(EffectiveYaml.of(config)).config();
    assertThat(again.server()).isEqualTo(config.server());
    assertThat(again.log()).isEqualTo(config.log());
    assertThat(again.apps())
        .extracting(app -> List.of(app.id(), app.key(), app.options(), app.limits()))
        .isEqualTo(
            config.apps().stream()
                .map(app -> List.of(app.id(), app.key(), app.options(), app.limits()))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{replay: resume, keep_events: 5}",
        "{replay: rewind, keep_seconds: 60}",
        "{replay: mailbox, store: disk}",
        "{replay: none}"
      })
  void rulesForHistoryReadBack(String rule) {
    Given given =
        new Given(directory)
            .yaml(
                "webhooks: {data_dir: %s}\napps: [{id: 1, key: abc, secret: not-shown, history: [%s]}]"
                    .formatted(directory, rule));
    Config config = given.config();
    Config again = new Given(directory).yaml(EffectiveYaml.of(config)).config();
    assertThat(again.apps().getFirst().history()).isEqualTo(config.apps().getFirst().history());
  }

  @Test
  void missingAppsAreShown() {
    assertThat(new Given(directory).printed())
        .containsPattern("apps: \\[] +# none configured, so each start creates a temporary one\n");
  }

  @Test
  void ambiguousTextIsQuoted() {
    assertThat(Yaml.scalar("abc/d.e-f_0")).isEqualTo("abc/d.e-f_0");
    for (String text :
        List.of("", "1", "0x1", "true", "No", "null", "~", "*a", "a: b", "a #b", "-")) {
      assertThat(Yaml.scalar(text)).isEqualTo('"' + text + '"');
    }
    assertThat(Yaml.scalar("\"\\\n\u0001")).isEqualTo("\"\\\"\\\\\\u000a\\u0001\"");
  }
}
