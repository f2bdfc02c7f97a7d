package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.disk.DurableOutbox;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The metrics of webhooks, from an event to its delivery or loss.
final class WebhookMetricsTest {

  @Test
  void anEventIsAcceptedRetriedAndDelivered() throws IOException {
    try (Receiver receiver = new Receiver().first(Receiver.Manner.FAILS)) {
      WebhookEndpoint endpoint =
          WebhookEndpoint.at(receiver.url()).withEvents(Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED));
      App app = TestNode.APP.withWebhooks(List.of(endpoint));
      try (TestNode node = start(Outboxes.inMemory(10), app);
          RawSocket socket = node.connect()) {
        socket.subscribePrivate(app, "private-x");
        socket.nextTextContaining("subscription_succeeded");
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(value(node, "events_delivered_total")).isEqualTo(1));
        assertThat(value(node, "events_accepted_total")).isEqualTo(1);
        assertThat(value(node, "requests_retried_total")).isEqualTo(1);
        Scrape scrape = Scrape.of(node);
        String labels = "{app=\"1234\",endpoint=\"" + receiver.url() + "\"}";
        for (String name : List.of("dead_total", "dropped_total", "pending")) {
          assertThat(scrape.value("fanfare_webhook_events_" + name + labels)).as(name).isZero();
        }
        assertThat(scrape.value("fanfare_webhook_durable")).as("in memory").isNaN();
      }
    }
  }

  @Test
  void pendingDeadAndDroppedEventsAreCountedByEndpoint() throws IOException {
    String url = "http://127.0.0.1:1/hook";
    List<WebhookEndpoint> endpoints =
        List.of(WebhookEndpoint.at(url + "?token=hush"), WebhookEndpoint.at("http://127.0.0.1:1/"));
    Outbox outbox = Outboxes.inMemory(10);
    long nowMs = System.currentTimeMillis();
    List<Outbox.Entry> entries =
        outbox.accept(
            List.of(
                new Outbox.Draft("1234", url + "?token=hush", "x", nowMs, "{}"),
                new Outbox.Draft("1234", "http://gone/", "x", nowMs, "{}")));
    assertThat(entries).hasSize(2);
    try (TestNode node = start(outbox, TestNode.APP.withWebhooks(endpoints))) {
      Scrape scrape = Scrape.of(node);
      String named = "{app=\"1234\",endpoint=\"" + url + "\"}";
      assertThat(scrape.value("fanfare_webhook_events_pending" + named)).isEqualTo(1);
      assertThat(
              scrape.value(
                  "fanfare_webhook_events_dead_total{app=\"1234\",endpoint=\"http://gone/\"}"))
          .isEqualTo(1);
      assertThat(
              scrape.value(
                  "fanfare_webhook_events_pending{app=\"1234\",endpoint=\"http://127.0.0.1:1/\"}"))
          .isZero();
      assertThat(scrape.answer().body()).doesNotContain("hush");
    }
  }

  @Test
  void anOutboxOnADiskIsDurable(@TempDir Path folder) throws IOException {
    WebhookOptions options = WebhookOptions.DEFAULTS.withDataDir(folder.toString());
    DurableOutbox outbox =
        DurableOutbox.open(options, Outboxes.memory(), NanoClock.SYSTEM, InstantSource.system());
    try (TestNode node = start(outbox, TestNode.APP)) {
      assertThat(Scrape.of(node).value("fanfare_webhook_durable")).isEqualTo(1);
    }
  }

  @Test
  void aDamagedOutboxIsReported(@TempDir Path folder) throws IOException {
    WebhookOptions options = WebhookOptions.DEFAULTS.withDataDir(folder.toString());
    Outbox.Draft draft = new Outbox.Draft("1234", "http://127.0.0.1:1/", "c", 0, "{}");
    try (DurableOutbox before =
        DurableOutbox.open(options, Outboxes.memory(), NanoClock.SYSTEM, InstantSource.system())) {
      before.dead(before.accept(List.of(draft, draft)), 77, "HTTP 500");
    }
    Files.write(folder.resolve("outbox.mv"), new byte[0]);
    DurableOutbox outbox =
        DurableOutbox.open(options, Outboxes.memory(), NanoClock.SYSTEM, InstantSource.system());
    try (TestNode node = start(outbox, TestNode.APP);
        RawHttp http = new RawHttp(node.port())) {
      Scrape scrape = Scrape.of(node);
      assertThat(scrape.value("fanfare_webhook_durable")).isEqualTo(1);
      assertThat(scrape.value("fanfare_webhook_outbox_damages_total")).isEqualTo(1);
      assertThat(scrape.value("fanfare_webhook_outbox_lost_total")).isEqualTo(2);
      RawHttp.Answer ready = http.send(RawHttp.request("GET", "/ready", "")).next();
      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.body())
          .isEqualTo(
              "OK\nwebhooks: the file was found damaged or missing since the start, times: 1,"
                  + " webhooks known to be lost: 2");
    }
  }

  @Test
  void endpointLabelsAreBoundedAndHaveNoSecrets() {
    EndpointLabels labels = new EndpointLabels();
    assertThat(labels.of("https://me:hush@a.example/hook?token=hush#hush"))
        .isEqualTo("https://a.example/hook");
    assertThat(labels.of("https://a.example?x=https://b@c/")).isEqualTo("https://a.example");
    assertThat(labels.of("https://a.example?x=1#2")).isEqualTo("https://a.example#2");
    assertThat(labels.of("https://a.example#2")).isEqualTo("https://a.example#2");
    assertThat(labels.of(null)).isEmpty();
    for (int i = 3; i < EndpointLabels.MOST; i++) {
      assertThat(labels.of("https://a.example/" + i)).isEqualTo("https://a.example/" + i);
    }
    assertThat(labels.of("https://b.example/")).isEqualTo(EndpointLabels.OTHER);
    assertThat(labels.of("https://a.example/3")).isEqualTo("https://a.example/3");
  }

  @Test
  void deadLettersAreThoseOfTheOutbox() throws IOException {
    Outbox outbox = Outboxes.inMemory(10);
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
