package dev.fanfare.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Limits;
import org.junit.jupiter.api.Test;

/// A printed secret must not leak.
final class SecretTest {

  @Test
  void aPrintedAppShowsStars() {
    App app = new App("1", "key", new Secret("hidden"), AppOptions.DEFAULTS, Limits.HOSTED);
    assertThat(app.toString()).doesNotContain("hidden").contains("********");
  }
}
