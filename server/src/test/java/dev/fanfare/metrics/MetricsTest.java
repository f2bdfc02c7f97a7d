package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
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

  @Test
  void anAppThatComesWhileTheServerRunsIsCountedToo() throws IOException {
    App late = TestNode.APP.withId("77").withKey("late");
    assertThat(Scrape.of(node)).isNotNull();
    node.server().reload(TestNode.apps(TestNode.APP, late));
    try (RawSocket socket = RawSocket.established(node.port(), late.key())) {
      socket.subscribe("news");
      socket.nextTextContaining("subscription_succeeded");
      Scrape scrape = Scrape.of(node);
      assertThat(scrape.value("fanfare_connections{app=\"77\"}")).isEqualTo(1);
      node.server().reload(TestNode.apps(TestNode.APP));
      assertThat(socket.nextClose().closeCode()).isEqualTo(4001);
    }
    await()
        .untilAsserted(
            () -> assertThat(Scrape.of(node).value("fanfare_connections{app=\"77\"}")).isZero());
  }
}
