package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.FanfareServer;
import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.MemoryOutbox;
import dev.fanfare.webhook.Outbox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is told of webhooks, from the event to its end.
final class WebhookMetricsTest {

  @Test
  void anEventIsAcceptedRetriedAndDelivered() throws IOException {
    try (Receiver receiver = new Receiver().first(Receiver.Manner.FAILS)) {
      WebhookEndpoint endpoint =
          WebhookEndpoint.at(receiver.url()).withEvents(Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED));
      App app = TestNode.APP.withWebhooks(List.of(endpoint));
      try (TestNode node = start(new MemoryOutbox(10), app);
          RawSocket socket = node.connect()) {
        socket.subscribePrivate(app, "private-x");
        socket.nextTextContaining("subscription_succeeded");
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(value(node, "events_delivered_total")).isEqualTo(1));
        assertThat(value(node, "events_accepted_total")).isEqualTo(1);
        assertThat(value(node, "requests_retried_total")).isEqualTo(1);
        assertThat(value(node, "events_dead_total")).isZero();
        Scrape scrape = Scrape.of(node);
        assertThat(scrape.value("fanfare_webhook_events_pending")).isZero();
        assertThat(scrape.value("fanfare_webhook_durable")).as("in memory").isZero();
      }
    }
  }

  @Test
  void deadLettersAreThoseOfTheOutbox() throws IOException {
    MemoryOutbox outbox = new MemoryOutbox(10);
    outbox.dead(
        outbox.accept(List.of(new Outbox.Draft("1234", "http://x.invalid/", "x", 0, "{}"))),
        0,
        "cannot connect");
    try (TestNode node = start(outbox, TestNode.APP)) {
      assertThat(Scrape.of(node).value("fanfare_webhook_dead_letters")).isEqualTo(1);
      assertThat(outbox.purge("1234")).isEqualTo(1);
      assertThat(Scrape.of(node).value("fanfare_webhook_dead_letters")).isZero();
    }
  }

  private static TestNode start(Outbox outbox, App app) {
    return TestNode.start(
        TestNode.PARTS.withMetrics(MetricsOptions.DEFAULTS.withPort(0)),
        FanfareServer.Clocks.SYSTEM,
        ServerListener.NONE,
        outbox,
        app);
  }

  private static double value(TestNode node, String name) throws IOException {
    return Scrape.of(node).value("fanfare_webhook_" + name + "{app=\"1234\"}");
  }
}
