package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a reload reports.
final class DifferencesTest {

  private static final String BEFORE =
      """
      apps:
        - {id: "1", key: a, secret: hush-1, limits: {max_event_bytes: 100}}
        - id: "2"
          key: b
          secret: hush-2
          webhooks: [{url: "http://a/"}, {url: "http://b/", headers: {X: hush-3}}]
        - {id: "3", key: c, secret: hush-4}
      """;

  @TempDir Path directory;

  private Config config(String yaml) {
    return new Given(directory).yaml(yaml).config();
  }

  private String change(String... replacements) {
    String after = BEFORE;
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(after).contains(replacements[i]);
      after = after.replace(replacements[i], replacements[i + 1]);
    }
    return Differences.ofApps(config(BEFORE), config(after));
  }

  @Test
  void settingsAreNamedWithoutTheirValues() {
    assertThat(change()).isEqualTo("no app changed");
    assertThat(change("hush-1", "hush-5", "max_event_bytes: 100", "max_event_bytes: 101"))
        .isEqualTo("app 1 changed: secret, limits.max_event_bytes");
    assertThat(change("key: a,", "key: d, previous_secret: old, client_events: true,"))
        .isEqualTo("app 1 changed: key, previous_secret, client_events");
  }

  @Test
  void anExplicitDefaultIsNoChange() {
    assertThat(change("key: a,", "key: a, client_events: false,")).isEqualTo("no app changed");
  }

  @Test
  void aFileWithTheSameSecretIsNoChange() {
    String path = new Given(directory).write("secret", "hush-1\n").toString();
    assertThat(change("secret: hush-1", "secret_file: " + path)).isEqualTo("no app changed");
  }

  @Test
  void webhooksAreOneSetting() {
    assertThat(change("hush-3", "hush-6")).isEqualTo("app 2 changed: webhooks");
    assertThat(change(", {url: \"http://b/\", headers: {X: hush-3}}", ""))
        .isEqualTo("app 2 changed: webhooks");
  }

  @Test
  void appsAreAddedAndRemoved() {
    assertThat(change("id: \"3\", key: c", "id: \"4\", key: c", "hush-1", "hush-7"))
        .isEqualTo("app 1 changed: secret; app 4 added; app 3 removed");
    assertThat(Differences.ofApps(config(""), config("apps: [{id: 1, key: a, secret: b}]")))
        .isEqualTo("app 1 added");
  }
}
