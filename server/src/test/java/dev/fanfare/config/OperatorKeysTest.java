package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.http.operator.OperatorKey;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may list and change apps, in a file or a variable.
final class OperatorKeysTest {

  private static final OperatorKey ANN = new OperatorKey("ann", "k1", new Secret("s1"));
  private static final OperatorKey CI = new OperatorKey("ci", "k2", new Secret("s:2"));

  @TempDir Path directory;

  private Given yaml(String keys) {
    return new Given(directory).yaml("server:\n  operator_keys: " + keys + "\n" + Given.APP);
  }

  @Test
  void keysAreListedOrOnePerLine() {
    Path file = new Given(directory).write("secret", "s:2\n");
    assertThat(
            yaml("[{name: ann, key: k1, secret: s1}, {name: ci, key: k2, secret_file: "
                    + file
                    + "}]")
                .config()
                .operators())
        .containsExactly(ANN, CI);
    assertThat(
            new Given(directory)
                .variable("FANFARE_OPERATOR_KEYS", "ann:k1:s1\n ci:k2:s:2\n")
                .config()
                .operators())
        .containsExactly(ANN, CI);
    assertThat(new Given(directory).config().operators()).isEmpty();
  }

  @Test
  void secretsAreNotPrinted() {
    assertThat(yaml("[{name: ann, key: k1, secret: some-secret}]").printed())
        .contains("operator_keys: [{name: ann, key: k1, secret: ")
        .doesNotContain("some-secret");
  }

  @Test
  void whatIsWrongIsNamedWithoutASecret() {
    assertThat(yaml("[{name: ann, key: k1}]").problems())
        .containsExactly("fanfare.yaml:2:19: server.operator_keys[0].secret is missing");
    assertThat(yaml("[{name: a, key: k, secret: s}, {name: a, key: k, secret: s}]").problems())
        .containsExactly(
            "fanfare.yaml:2:49: server.operator_keys has the name a twice",
            "fanfare.yaml:2:49: server.operator_keys has the key k twice");
    assertThat(yaml("[hidden-secret]").problems())
        .containsExactly(
            "fanfare.yaml:2:19: server.operator_keys[0] must be a mapping with name, key, and"
                + " secret or secret_file");
    assertThat(
            new Given(directory).variable("FANFARE_OPERATOR_KEYS", "ann:hidden-secret").problems())
        .containsExactly(
            "environment: FANFARE_OPERATOR_KEYS has a line that is not name:key:secret");
  }
}
