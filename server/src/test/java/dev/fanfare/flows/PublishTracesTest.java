package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.app.App;
import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.telemetry.TelemetryOptions;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A publish with a `traceparent` header is a part of its publisher's trace, which a receiver of
/// OTLP over HTTP gets.
@Tag("one-node")
final class PublishTracesTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final int PATIENCE_SECONDS = 60;

  private static final App APP = PlainApp.APP;

  private final BlockingQueue<JsonNode> spans = new LinkedBlockingQueue<>();
  private HttpServer receiver;
  private PartOptions options;
  private TestNode node;

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/v1/traces",
        exchange -> {
          assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
              .isEqualTo("application/json");
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
          read(new String(body, StandardCharsets.UTF_8));
        });
    receiver.start();
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/traces";
    options = TestNode.PARTS.withTelemetry(new TelemetryOptions(url));
    node = start(options);
  }

  private static TestNode start(PartOptions options) {
    return TestNode.start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, APP);
  }

  @AfterEach
  void stop() {
    node.close();
    receiver.stop(0);
  }

  private void read(String body) {
    try {
      for (JsonNode resource : JsonDocument.readObject(body).get("resourceSpans")) {
        assertThat(attributes(resource.get("resource"))).containsEntry("service.name", "fanfare");
        for (JsonNode scope : resource.get("scopeSpans")) {
          scope.get("spans").forEach(spans::add);
        }
      }
    } catch (MalformedJson e) {
      throw new AssertionError(body, e);
    }
  }

  private static Map<String, String> attributes(JsonNode of) {
    Map<String, String> attributes = new TreeMap<>();
    for (JsonNode attribute : of.get("attributes")) {
      JsonNode value = attribute.get("value");
      JsonNode text = value.get("stringValue");
      attributes.put(
          attribute.get("key").asString(),
          text == null ? value.get("intValue").asString() : text.asString());
    }
    return attributes;
  }

  private static String header(String trace) {
    return "00-" + trace + "-" + SPAN + "-01";
  }

  private void post(String path, String body, @Nullable String traceparent) throws Exception {
    String target = "/apps/" + APP.id() + path;
    String query =
        Api.signedQuery(APP, "POST", target, "", body, System.currentTimeMillis() / 1000);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + target + "?" + query))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (traceparent != null) {
      request.header("traceparent", traceparent);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
  }

  private static String event(String... channels) {
    return "{\"name\":\"e\",\"channels\":[\""
        + String.join("\",\"", channels)
        + "\"],\"data\":\"x\"}";
  }

  private List<JsonNode> next(int count) throws InterruptedException {
    List<JsonNode> next = new ArrayList<>();
    while (next.size() < count) {
      JsonNode span = spans.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(span).as("%s", next).isNotNull();
      next.add(span);
    }
    return next;
  }

  private static String text(JsonNode span, String field) {
    return span.get(field).asString();
  }

  private static void assertDelivered(
      JsonNode span, JsonNode publish, String channel, int subscribers) {
    assertThat(text(span, "name")).isEqualTo("deliver");
    assertThat(text(span, "traceId")).isEqualTo(TRACE);
    assertThat(text(span, "parentSpanId")).isEqualTo(text(publish, "spanId"));
    assertThat(text(span, "spanId")).isNotEqualTo(text(publish, "spanId")).hasSize(16);
    assertThat(attributes(span))
        .containsEntry("messaging.destination.name", channel)
        .containsEntry("fanfare.subscribers", Integer.toString(subscribers))
        .containsEntry("fanfare.reached", Integer.toString(subscribers));
    assertThat(Long.parseLong(text(span, "startTimeUnixNano")))
        .isBetween(
            Long.parseLong(text(publish, "startTimeUnixNano")),
            Long.parseLong(text(span, "endTimeUnixNano")));
  }

  @Test
  void aPublishHasASpanForEachChannelOfEachEvent() throws Exception {
    try (RawSocket one = PlainApp.subscriber(node, "a", "b");
        RawSocket other = PlainApp.subscriber(node, "a")) {
      post("/events", event("a", "b", "empty"), header(TRACE));
      one.nextTextContaining("\"channel\":\"b\"");
      other.nextTextContaining("\"channel\":\"a\"");
      List<JsonNode> found = next(4);
      JsonNode publish = found.getFirst();
      assertThat(text(publish, "name")).isEqualTo("publish");
      assertThat(text(publish, "traceId")).isEqualTo(TRACE);
      assertThat(text(publish, "parentSpanId")).isEqualTo(SPAN);
      assertThat(publish.get("kind").asInt()).isEqualTo(2);
      assertThat(attributes(publish))
          .containsEntry("fanfare.app", APP.id())
          .containsEntry("fanfare.events", "3");
      assertDelivered(found.get(1), publish, "a", 2);
      assertDelivered(found.get(2), publish, "b", 1);
      assertDelivered(found.get(3), publish, "empty", 0);
    }
  }

  @Test
  void aBatchIsOneRequestAlsoBesideTheConsole() throws Exception {
    node.close();
    node = start(options.withConsole(ConsoleOptions.DEFAULTS.withEnabled(true).withPort(0)));
    RawSocket subscriber = PlainApp.subscriber(node, "a");
    String batch =
        "{\"batch\":[{\"name\":\"e\",\"channel\":\"a\",\"data\":\"1\"},"
            + "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"2\"}]}";
    post("/batch_events", batch, header(TRACE));
    List<JsonNode> found = next(3);
    assertDelivered(found.get(1), found.getFirst(), "a", 1);
    assertDelivered(found.get(2), found.getFirst(), "a", 1);
    subscriber.close();
  }

  /// Spans are sent in the order of their publishes.
  @Test
  void otherHeadersAreIgnored() throws Exception {
    post("/events", event("a"), null);
    post("/events", event("a"), "00-" + TRACE + "-" + SPAN + "-00"); // not recorded
    post("/events", event("a"), "00-" + TRACE + "-0000000000000000-01");
    post("/events", event("a"), "nonsense");
    String last = TRACE.replace('4', '5');
    post("/events", event("a"), header(last));
    assertThat(next(2)).extracting(span -> text(span, "traceId")).containsExactly(last, last);
    assertThat(spans).isEmpty();
  }
}
