package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// An app may require connections to subscribe: those that do not in time are closed.
final class FirstSubscriptionTest {

  private static final App APP =
      PlainApp.APP.withOptions(AppOptions.DEFAULTS.withFirstSubscriptionTimeoutSeconds(20));

  private final ManualClock clock = new ManualClock();

  @Test
  void aConnectionThatDoesNotSubscribeInTimeIsClosedWithAReason() throws IOException {
    String reason = "No subscription within 20 seconds (first_subscription_timeout_seconds)";
    try (TestNode node = TestNode.start(clock, APP);
        RawSocket faithful = PlainApp.subscriber(node, "a");
        RawSocket fickle = PlainApp.subscriber(node, "b");
        RawSocket idle = node.connect();
        RawSocket refused = node.connect()) {
      fickle.unsubscribe("b");
      fickle.expectNothing();
      refused.subscribe("private-without-a-signature");
      refused.nextTextContaining("subscription_error");
      clock.advance(Duration.ofSeconds(19));
      try (RawSocket late = node.connect()) {
        idle.expectNothing();
        clock.advance(Duration.ofSeconds(1));
        assertThat(idle.nextText())
            .isEqualTo(
                "{\"event\":\"pusher:error\",\"data\":{\"code\":4009,\"message\":\""
                    + reason
                    + "\"}}");
        RawSocket.Frame close = idle.nextFrame();
        assertThat(close.closeCode()).isEqualTo(4009);
        assertThat(close.closeReason()).isEqualTo(reason);
        assertThat(refused.nextClose().closeCode()).isEqualTo(4009);
        faithful.expectNothing();
        fickle.expectNothing();
        late.expectNothing();
      }
    }
  }

  @Test
  void byDefaultNoSubscriptionIsRequired() throws IOException {
    App watched = Apps.another("6", AppOptions.DEFAULTS.withFirstSubscriptionTimeoutSeconds(1));
    try (TestNode node = TestNode.start(clock, PlainApp.APP, watched);
        RawSocket socket = node.connect();
        RawSocket swept = RawSocket.established(node.port(), watched.key())) {
      clock.advance(Duration.ofSeconds(100));
      assertThat(swept.nextClose().closeCode()).isEqualTo(4009);
      socket.expectNothing();
    }
  }
}
