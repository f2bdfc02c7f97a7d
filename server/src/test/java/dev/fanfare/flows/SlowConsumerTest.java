package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.AppOptions;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// A reader that stops reading: its neighbours notice nothing, and it ends with a reason.
final class SlowConsumerTest {

  private static final int MAX_EVENTS = 20_000;

  @Test
  void whoDoesNotReadIsDisconnectedAndTheOthersGetEverything() throws IOException {
    try (TestNode node = TestNode.start(Apps.with(TestNode.APP, AppOptions.DEFAULTS));
        Api api = new Api(node);
        RawSocket slow = node.connect();
        RawSocket neighbour = node.connect()) {
      slow.subscribe("firehose");
      slow.nextTextContaining("subscription_succeeded");
      neighbour.subscribe("firehose");
      neighbour.nextTextContaining("subscription_succeeded");
      String large = "x".repeat(10_000);
      int sent = 0;
      while (sent < MAX_EVENTS && node.server().connections(node.app()) == 2) {
        api.publish("firehose", "e" + sent, large);
        assertThat(neighbour.nextTextContaining("\"event\":\"e")).contains("\"e" + sent + "\"");
        sent++;
      }
      assertThat(node.server().connections(node.app())).isEqualTo(1);
      RawSocket.Frame close = slow.nextClose();
      assertThat(close.closeCode()).isEqualTo(4100);
      assertThat(close.closeReason()).contains("Reading too slowly", "max_pending_bytes");
      neighbour.expectNothing();
    }
  }
}
