package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.console.login.Role;
import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Figures over time, and what stands out, of a real server.
final class SeriesTest {

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final String NUMBERS = "\\[\\d+(?:,\\d+)*]";
  private static final String MAYBE = "\\[(?:\\d+|null)(?:,(?:\\d+|null))*]";

  private static String signed(ConsoleNode node, String path, String query) throws IOException {
    return node.send(path, query).body();
  }

  /// What is waited for; may cause it, too.
  private interface Wanted {
    boolean test(JsonNode answer) throws IOException;
  }

  private static JsonNode await(ConsoleNode node, String path, Wanted wanted) throws Exception {
    long sinceNs = System.nanoTime();
    JsonNode last = JsonDocument.readObject(signed(node, path, ""));
    while (!wanted.test(last)) {
      assertThat(System.nanoTime() - sinceNs).as("still %s", last).isLessThan(PATIENCE_NS);
      TimeUnit.MILLISECONDS.sleep(20);
      last = JsonDocument.readObject(signed(node, path, ""));
    }
    return last;
  }

  private static boolean has(JsonNode columns, String name, int value) {
    for (JsonNode each : columns.path(name)) {
      if (each.asInt(-1) == value) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aSecondWithAPublishIsShown() throws Exception {
    try (ConsoleNode node =
            new ConsoleNode(TestNode.PARTS.withConsole(ConsoleNode.ON), ConsoleNode.APP);
        RawSocket socket = node.subscribed("news")) {
      node.api().publish("news", "e", "x");
      socket.nextTextContaining("\"e\"");
      JsonNode shown =
          await(node, "/api/series", it -> has(it, "publishes", 1) && has(it, "deliveries", 1));
      assertThat(has(shown, "connections", 1)).isTrue();
      String columns = signed(node, "/api/series", "");
      assertThat(columns)
          .matches(
              "\\{\"t\":NUMBERS,\"connections\":NUMBERS,\"publishes\":NUMBERS,\"refusals\":NUMBERS,"
                      .replace("NUMBERS", NUMBERS)
                  + "\"deliveries\":NUMBERS,\"p50_us\":MAYBE,\"p99_us\":MAYBE,\"lag_us\":NUMBERS}\n"
                      .replace("NUMBERS", NUMBERS)
                      .replace("MAYBE", MAYBE));
      assertThat(shown.path("p50_us").toString()).containsPattern("[1-9]");
      long newest = shown.path("t").path(shown.path("t").size() - 1).asLong();
      assertThat(JsonDocument.readObject(signed(node, "/api/series", "since=" + newest)).path("t"))
          .allMatch(t -> t.asLong() > newest);
      assertThat(signed(node, "/api/series", "since=99999999999999"))
          .isEqualTo(
              "{\"t\":[],\"connections\":[],\"publishes\":[],\"refusals\":[],\"deliveries\":[],"
                  + "\"p50_us\":[],\"p99_us\":[],\"lag_us\":[]}\n");
      assertThat(signed(node, "/api/series", "since=yesterday"))
          .isEqualTo("{\"error\":\"since must be a whole number of milliseconds\"}\n");
    }
  }

  /// Who may not see all apps sees nothing of the node as a whole.
  @Test
  void figuresAreThoseOfTheAppsThatMayBeSeen() throws Exception {
    try (ConsoleNode node =
            new ConsoleNode(
                ConsoleNode.user("ann", Role.VIEWER, "2"), ConsoleNode.user("bob", Role.VIEWER));
        RawSocket socket = node.subscribed("news")) {
      node.api().publish("news", "e", "x");
      socket.nextTextContaining("\"e\"");
      JsonNode own = await(node, "/api/series", it -> has(it, "publishes", 1));
      assertThat(own.propertyNames()).containsExactly("t", "connections", "publishes", "refusals");
      String ann = node.login("ann");
      String columns = node.request("GET", "/api/series", "", ann).body();
      assertThat(columns).matches("\\{\"t\":.*,\"publishes\":\\[0(,0)*],\"refusals\":[^a-z]*}\n");
      JsonNode overview =
          JsonDocument.readObject(node.request("GET", "/api/overview", "", ann).body());
      assertThat(overview.propertyNames()).doesNotContain("deliveries_s", "latency_us");
      assertThat(overview.path("busiest")).isEmpty();
      String bob = node.login("bob");
      assertThat(node.request("GET", "/api/series", "", bob).body()).contains("\"p99_us\":[");
      RawHttp.Answer anonymous = node.request("GET", "/api/series", "");
      assertThat(anonymous.line()).isEqualTo("401 {\"error\":\"Log in, or sign the request\"}");
    }
  }

  @Test
  void theOverviewHasWhatStandsOut() throws Exception {
    try (ConsoleNode node =
            new ConsoleNode(TestNode.PARTS.withConsole(ConsoleNode.ON), ConsoleNode.APP);
        RawSocket socket = node.subscribed("news")) {
      for (int i = 0; i < 4; i++) {
        node.api().publish("news", "e", "x");
        socket.nextTextContaining("\"e\"");
      }
      node.api().publish("alone", "e", "x");
      socket.sendText(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\",\"auth\":\"a:b\"}}");
      socket.nextTextContaining("subscription_error");
      JsonNode overview = await(node, "/api/overview", it -> it.path("refusals_min").asInt() > 0);
      assertThat(overview.path("busiest").toString())
          .matches(
              "\\[\\{\"app\":\"1234\",\"channel\":\"news\",\"publishes_s\":\\d+\\.\\d,"
                  + "\"subscribers\":1},\\{\"app\":\"1234\",\"channel\":\"alone\","
                  + "\"publishes_s\":\\d+\\.\\d,\"subscribers\":0}]");
      assertThat(overview.path("slow").toString()).isEqualTo("[]");
      assertThat(overview.path("failed_webhooks").toString()).isEqualTo("[]");
      assertThat(overview.path("publishes_s").isIntegralNumber()).isTrue();
      assertThat(overview.path("deliveries_s").isIntegralNumber()).isTrue();
      assertThat(overview.path("latency_us").isObject()).isTrue();
    }
  }

  @Test
  void aSlowReaderIsNamed() throws Exception {
    try (ConsoleNode node =
            new ConsoleNode(TestNode.PARTS.withConsole(ConsoleNode.ON), ConsoleNode.APP);
        RawSocket socket = node.subscribed("news")) {
      String large = "x".repeat(10_000);
      JsonNode overview =
          await(
              node,
              "/api/overview",
              it -> {
                node.api().publish("news", "e", large);
                return !it.path("slow").isEmpty();
              });
      assertThat(overview.path("slow").toString())
          .matches(
              "\\[\\{\"app\":\"1234\",\"socket_id\":\""
                  + socket.socketId()
                  + "\",\"pending_bytes\":\\d{5,},\"behind\":(?:true|false)}]");
    }
  }

  @Test
  void aFailedWebhookIsNamed() throws Exception {
    try (ClosedPort closed = new ClosedPort()) {
      String url = "http://127.0.0.1:" + closed.number() + "/hook";
      try (ConsoleNode node =
              new ConsoleNode(
                  TestNode.PARTS.withConsole(ConsoleNode.ON),
                  ConsoleNode.APP.withWebhooks(List.of(WebhookEndpoint.at(url + "?token=x"))));
          RawSocket socket = node.subscribed("news")) {
        assertThat(socket.socketId()).isNotEmpty();
        JsonNode overview =
            await(node, "/api/overview", it -> !it.path("failed_webhooks").isEmpty());
        assertThat(overview.path("failed_webhooks").path(0).toString())
            .matches(
                "\\{\"t\":\\d+,\"app\":\"1234\",\"endpoint\":\""
                    + url
                    + "\",\"text\":\"retried: .+\"}");
      }
    }
  }
}
