package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a server's numbers are after traffic that a test has counted itself.
final class MetricsTest {

  private static final String APP = "app=\"" + TestNode.APP.id() + "\"";

  private final TestNode node = TestNode.start(MetricsOptions.DEFAULTS, TestNode.APP);

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void fiveEventsForThreeSubscribersAreFifteenDeliveries() throws IOException {
    List<RawSocket> sockets = new ArrayList<>();
    try (Api api = new Api(node)) {
      for (int i = 0; i < 3; i++) {
        RawSocket socket = node.connect();
        sockets.add(socket);
        socket.subscribe("news");
        socket.nextTextContaining("subscription_succeeded");
      }
      for (int i = 0; i < 5; i++) {
        api.publish("news", "event-" + i, "x");
      }
      for (RawSocket socket : sockets) {
        socket.nextTextContaining("event-4");
      }
      Scrape scrape = Scrape.of(node);
      assertThat(scrape.value("fanfare_deliveries_total{" + APP + "}")).isEqualTo(15);
    } finally {
      for (RawSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
