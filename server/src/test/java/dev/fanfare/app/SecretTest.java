package dev.fanfare.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Limits;
import org.junit.jupiter.api.Test;

/// A secret must not leak by being printed.
final class SecretTest {

  @Test
  void anAppThatIsPrintedShowsStars() {
    App app = new App("1", "key", new Secret("hidden"), AppOptions.DEFAULTS, Limits.HOSTED);
    assertThat(app.toString()).doesNotContain("hidden").contains("********");
  }
}
