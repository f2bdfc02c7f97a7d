package dev.fanfare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.channel.PublishSpans;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of spans while the receiver is away, busy or refuses them. The test takes the place
/// of the thread.
final class SpansTest {

  private static final String HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final int TIMEOUT_MS = 30_000;
  private static final int MAX = 4;

  private final AtomicInteger status = new AtomicInteger(200);
  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
  private @Nullable HttpServer receiver;

  /// Returns its port.
  private int listen() throws IOException {
    HttpServer made =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    made.createContext(
        "/v1/traces",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    made.start();
    receiver = made;
    return made.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    if (receiver != null) {
      receiver.stop(0);
    }
  }

  private static Spans spans(int port) {
    return new Spans(
        MAX,
        new TelemetryOptions("http://127.0.0.1:" + port + "/v1/traces"),
        "1.2.3",
        new Clock(InstantSource.system(), NanoClock.SYSTEM));
  }

  private static PublishSpans.@Nullable Span tryBegin(Spans spans) {
    return spans.begin(HEADER, TestNode.APP, () -> "127.0.0.1");
  }

  private static Publish begin(Spans spans) {
    return (Publish) Objects.requireNonNull(tryBegin(spans));
  }

  private static void publish(Spans spans, int times) {
    for (int i = 0; i < times; i++) {
      PublishSpans.Span publish = tryBegin(spans);
      if (publish != null) {
        publish.end(null);
      }
    }
  }

  private static void assertCounts(Spans spans, long sent, long lost) {
    assertThat(List.of(spans.sent(), spans.lost())).containsExactly(sent, lost);
  }

  @Test
  void whileAReceiverIsAwaySpansWaitAsFarAsThereIsRoom() throws IOException {
    try (ClosedPort port = new ClosedPort()) {
      Spans spans = spans(port.number());
      publish(spans, MAX + 3);
      spans.exporter().export(TIMEOUT_MS);
      assertCounts(spans, 0, 3);
      publish(spans, 1);
      spans.exporter().export(TIMEOUT_MS);
      assertCounts(spans, 0, 4);
    }
  }

  @Test
  void aBusyReceiverGetsThemAgain() throws IOException {
    Spans spans = spans(listen());
    status.set(503);
    publish(spans, MAX + 1);
    spans.exporter().export(TIMEOUT_MS);
    assertCounts(spans, 0, 1);
    status.set(200);
    spans.exporter().export(TIMEOUT_MS);
    assertCounts(spans, MAX, 1);
    publish(spans, 1); // there is room again
    spans.exporter().export(TIMEOUT_MS);
    assertCounts(spans, MAX + 1, 1);
    assertThat(bodies).hasSize(3);
    assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
  }

  @Test
  void whatAReceiverRefusesIsLost() throws IOException {
    Spans spans = spans(listen());
    publish(spans, 2);
    status.set(400);
    spans.exporter().export(TIMEOUT_MS);
    assertCounts(spans, 0, 2);
    status.set(200);
    spans.exporter().export(TIMEOUT_MS);
    assertThat(bodies).hasSize(1);
  }

  @Test
  void aPublishIsSentOnceAllLanesAreDone() throws IOException {
    Spans spans = spans(listen());
    Publish publish = begin(spans);
    Delivery delivery = Objects.requireNonNull(spans.add(publish, "a", 3));
    delivery.onQueued(0);
    delivery.onQueued(1);
    publish.end(null);
    delivery.onWalked(1, new DeliveryTrace.Walk(2, 1, 1, 0, 0));
    spans.exporter().export(TIMEOUT_MS);
    assertThat(bodies).isEmpty();
    delivery.onWalked(0, new DeliveryTrace.Walk(1, 1, 0, 0, 0));
    spans.exporter().export(TIMEOUT_MS);
    assertThat(bodies)
        .singleElement()
        .asString()
        .contains("{\"key\":\"fanfare.lanes\",\"value\":{\"intValue\":\"2\"}}")
        .contains("{\"key\":\"fanfare.reached\",\"value\":{\"intValue\":\"2\"}}")
        .contains("{\"key\":\"fanfare.excluded\",\"value\":{\"intValue\":\"1\"}}");
    assertCounts(spans, 2, 0);
  }

  @Test
  void aRefusalIsAnError() throws IOException {
    Spans spans = spans(listen());
    begin(spans).end("Over capacity");
    spans.exporter().export(TIMEOUT_MS);
    assertThat(bodies)
        .singleElement()
        .asString()
        .contains("\"status\":{\"code\":2,\"message\":\"Over capacity\"}");
  }
}
