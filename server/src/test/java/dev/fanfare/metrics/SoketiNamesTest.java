package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.metrics.MetricsOptions.Names;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// The metrics that a dashboard for soketi uses.
final class SoketiNamesTest {

  private static Scrape after(Names names) throws IOException {
    try (TestNode node = TestNode.start(MetricsOptions.DEFAULTS.withNames(names), TestNode.APP);
        Api api = new Api(node);
        RawSocket staying = node.connect()) {
      try (RawSocket leaving = node.connect()) {
        leaving.sendClose(1000, "");
        leaving.nextClose();
      }
      staying.subscribe("news");
      staying.nextTextContaining("subscription_succeeded");
      api.publish("news", "event", "x");
      staying.nextTextContaining("\"event\":\"event\"");
      Scrape scrape = Scrape.of(node);
      String labels = "{app_id=\"1234\",port=\"" + node.port() + "\"}";
      assertThat(scrape.value("soketi_connected" + labels)).isEqualTo(1);
      assertThat(scrape.value("soketi_new_connections_total" + labels)).isEqualTo(2);
      assertThat(scrape.value("soketi_new_disconnections_total" + labels)).isEqualTo(1);
      assertThat(scrape.value("soketi_ws_messages_received_total" + labels)).isEqualTo(1);
      // Two connection_established, subscription_succeeded, subscription_count, an event.
      assertThat(scrape.value("soketi_ws_messages_sent_total" + labels)).isEqualTo(5);
      assertThat(scrape.value("soketi_socket_received_bytes" + labels)).isEqualTo(60 + 8);
      assertThat(scrape.value("soketi_socket_transmitted_bytes" + labels)).isGreaterThan(200);
      assertThat(scrape.value("soketi_http_calls_received_total" + labels)).isEqualTo(1);
      assertThat(scrape.value("soketi_http_received_bytes" + labels)).isEqualTo(47);
      assertThat(scrape.value("soketi_http_transmitted_bytes" + labels)).isEqualTo(2);
      return scrape;
    }
  }

  @Test
  void bothNamesAreExposed() throws IOException {
    assertThat(after(Names.BOTH).names())
        .contains("fanfare_connections", "fanfare_deliveries_total", "soketi_connected");
  }

  @Test
  void onlySoketisNamesAndThoseOfTheProcessAreExposed() throws IOException {
    Scrape scrape = after(Names.SOKETI);
    assertThat(scrape.names())
        .contains("process_uptime_seconds")
        .noneMatch(name -> name.startsWith("fanfare_"));
    assertThat(scrape.types())
        .containsEntry("soketi_connected", "gauge")
        .containsEntry("soketi_new_connections_total", "counter")
        .containsEntry("soketi_socket_received_bytes", "untyped");
  }

  @Test
  void soketisNamesAreOffByDefault() throws IOException {
    try (TestNode node = TestNode.start(MetricsOptions.DEFAULTS, TestNode.APP)) {
      assertThat(Scrape.of(node).names()).noneMatch(name -> name.startsWith("soketi_"));
    }
  }
}
