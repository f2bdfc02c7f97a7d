package dev.fanfare.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.TestNode;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MisconfigurationTest {

  private static final App OFF =
      TestNode.APP.withOptions(TestNode.APP.options().withEnabled(false));
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final Readiness readiness = new Readiness();

  private Misconfiguration look(Apps apps, Instant now) {
    Misconfiguration look = new Misconfiguration(readiness, apps, () -> NOW, () -> "", () -> now);
    look.sweep();
    return look;
  }

  @Test
  void aServerWithoutAnEnabledAppIsNotReady() {
    look(TestNode.apps(OFF), NOW.minusSeconds(1));
    assertThat(readiness.reasons()).containsExactly("No app is enabled");
    assertThat(readiness.check())
        .as("connections are still answered with 4003")
        .isEqualTo(Parsed.PASSED);
    look(TestNode.apps(OFF, TestNode.APP.withId("2").withKey("two")), NOW.minusSeconds(1));
    assertThat(readiness.reasons()).isEmpty();
  }

  @Test
  void anExpiredCertificateMakesTheServerUnreadyUntilItIsReplaced() {
    look(TestNode.apps(TestNode.APP), NOW);
    assertThat(readiness.reasons())
        .containsExactly("The certificate has expired at 2026-11-22T12:00:00Z");
    assertThat(readiness.check()).as("plain text works as before").isEqualTo(Parsed.PASSED);
    look(TestNode.apps(TestNode.APP), NOW.minusSeconds(1));
    assertThat(readiness.reasons()).isEmpty();
  }

  @Test
  void aServerWithoutTlsNeedsNoCertificate() {
    new Misconfiguration(readiness, TestNode.apps(TestNode.APP), () -> null, () -> "", () -> NOW)
        .sweep();
    assertThat(readiness.reasons()).isEmpty();
  }
}
