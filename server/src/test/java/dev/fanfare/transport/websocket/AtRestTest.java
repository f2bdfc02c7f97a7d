package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.transport.ServerOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The short form of [AtRest]: facts instead of times.
final class AtRestTest {

  private static final int SESSIONS = 2_000;
  private static final int SECONDS = 300;

  /// In five minutes each connection is pinged twice, stays open, and nothing else happens to it.
  @Test
  void connectionsThatAnswerStayOpenAndAreOnlyPinged() throws InterruptedException {
    try (QuietCrowd crowd = new QuietCrowd(ServerOptions.DEFAULTS)) {
      crowd.connect(SESSIONS);
      crowd.subscribe(SESSIONS / 2);
      crowd.pass(Duration.ofSeconds(SECONDS), Duration.ZERO);
      assertThat(crowd.areAllOpen()).isTrue();
      int each = SECONDS / ServerOptions.DEFAULTS.activityTimeoutSeconds();
      assertThat(crowd.pings()).isEqualTo(each * SESSIONS);
      assertThat(crowd.node().channels().sweep()).isZero();
    }
  }

  @Test
  void connectionsComeAndGo() throws InterruptedException {
    try (QuietCrowd crowd = new QuietCrowd(ServerOptions.DEFAULTS)) {
      crowd.connect(10);
      crowd.subscribe(5);
      for (int i = 0; i < 100; i++) {
        crowd.replace(i % 10, 5);
        crowd.pass(Duration.ofSeconds(10), Duration.ZERO);
      }
      assertThat(crowd.areAllOpen()).isTrue();
      assertThat(crowd.node().sessions().count()).isEqualTo(10);
    }
  }
}
