package dev.fanfare.flows;

import static dev.fanfare.testing.FallbackClient.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.FallbackClient;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.FallbackOptions;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients without WebSocket have the limits of those with one, and leave when they are gone.
@Tag("one-node")
final class FallbackLimitsTest {

  private static final String KEY = PlainApp.APP.key();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();

  private TestNode start(ServerOptions options, App app) {
    return TestNode.start(options, clock.withSystemTime(), ServerListener.NONE, app);
  }

  private static FallbackClient client(TestNode node) {
    return new FallbackClient(node.port(), KEY);
  }

  /// Lets time pass until something is so.
  private void until(java.util.concurrent.Callable<Boolean> condition) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          clock.advance(Duration.ofSeconds(1));
          return condition.call();
        });
  }

  @Test
  void aClientThatDoesNotComeBackLeaves() throws IOException {
    try (TestNode node = start(TestNode.options(0), PlainApp.APP)) {
      FallbackClient streaming = client(node);
      try (FallbackClient.Stream stream = streaming.stream()) {
        stream.established();
        assertThat(streaming.send(subscribe("room"))).isEqualTo(204);
        stream.next();
      }
      FallbackClient polling = client(node);
      assertThat(polling.poll()).startsWith("o{}");
      assertThat(node.server().connections(PlainApp.APP)).isEqualTo(2);
      until(() -> node.server().connections(PlainApp.APP) == 0);
      assertThat(streaming.send()).isEqualTo(404);
      assertThat(polling.poll()).as("a new session").startsWith("o{}");
    }
  }

  @Test
  void heartbeatsKeepAClientAndOneThatDoesNotAnswerIsClosed() throws IOException {
    try (TestNode node = start(TestNode.options(0), PlainApp.APP)) {
      FallbackClient client = client(node);
      try (FallbackClient.Stream stream = client.stream()) {
        stream.established();
        for (int i = 0; i < 3; i++) {
          clock.advance(Duration.ofSeconds(25));
          assertThat(stream.next()).isEqualTo("h");
          assertThat(client.send()).isEqualTo(204);
        }
        clock.advance(Duration.ofSeconds(25));
        assertThat(stream.next()).isEqualTo("h");
        clock.advance(Duration.ofSeconds(30));
        assertThat(stream.nextContaining("c[")).isEqualTo("c[4201,\"Pong reply not received\"]");
      }
      FallbackClient polling = client(node);
      polling.poll();
      try (RawHttp poll = new RawHttp(node.port(), PATIENCE)) {
        poll.send(polling.request("xhr", ""));
        assertThat(polling.send()).isEqualTo(204);
        clock.advance(Duration.ofSeconds(25));
        assertThat(poll.next().body()).isEqualTo("h\n");
      }
    }
  }

  @Test
  void aSlowReaderIsDisconnectedAndTheOthersGetEverything() throws IOException {
    ServerOptions options = TestNode.options(0).withMaxPendingBytes(65_536);
    try (TestNode node = start(options, PlainApp.APP);
        Api api = new Api(node);
        RawSocket neighbour = PlainApp.subscriber(node, "firehose")) {
      FallbackClient slow = client(node);
      try (FallbackClient.Stream stream = slow.stream()) {
        stream.established();
        assertThat(slow.send(subscribe("firehose"))).isEqualTo(204);
        stream.next();
        int sent = 0;
        while (node.server().connections(node.app()) == 2) {
          assertThat(sent).isLessThan(20_000);
          api.publish("firehose", "e" + sent, "x".repeat(9_000));
          assertThat(neighbour.nextTextContaining("\"event\":\"e")).contains("\"e" + sent + "\"");
          sent++;
        }
      }
      FallbackClient polling = client(node);
      polling.poll();
      assertThat(polling.send(subscribe("firehose"))).isEqualTo(204);
      for (int i = 0; node.server().connections(node.app()) == 2; i++) {
        assertThat(i).isLessThan(100);
        api.publish("firehose", "e", "x".repeat(9_000));
        neighbour.nextTextContaining("\"event\":\"e");
      }
      assertThat(polling.poll())
          .contains("c[4100,\"Reading too slowly: ")
          .contains(" bytes are waiting, the limit is 65536 (max_pending_bytes)\"]");
    }
  }

  @Test
  void connectionsCountForTheAppAndForTheAddress() throws IOException {
    Limits two = Limits.HOSTED.withMaxConnections(1);
    App app = new App(PlainApp.APP.id(), KEY, PlainApp.APP.secret(), AppOptions.DEFAULTS, two);
    try (TestNode node = start(TestNode.options(0), app)) {
      assertThat(client(node).poll()).startsWith("o{}\na[");
      assertThat(client(node).poll())
          .endsWith(
              "c[4004,\"Account over quota: the app has 1 connections, the limit is 1"
                  + " (max_connections)\"]\n");
    }
    ServerOptions options = TestNode.options(0).withMaxConnectionsPerAddress(3);
    try (TestNode node = start(options, PlainApp.APP);
        RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 2; i++) {
        assertThat(http.send(client(node).request("xhr", "")).next().body()).startsWith("o{}\na[");
      }
      assertThat(http.send(client(node).request("xhr", "")).next().body())
          .endsWith(
              "c[4100,\"127.0.0.1 has 3 connections, the limit (max_connections_per_address)\"]\n");
      until(() -> node.server().connections(PlainApp.APP) == 0);
      assertThat(http.send(client(node).request("xhr", "")).next().body()).startsWith("o{}\na[");
    }
  }

  @Test
  void foreignPagesAreRefused() throws IOException {
    App app =
        PlainApp.APP.withOptions(AppOptions.DEFAULTS.withAllowedOrigins(List.of("good.example")));
    String foreign = "Origin: https://bad.example";
    try (TestNode node = start(TestNode.options(0), app);
        RawHttp http = new RawHttp(node.port())) {
      assertThat(http.send(client(node).request("xhr", "", foreign)).next().body())
          .endsWith("c[4009,\"Origin not allowed: https://bad.example\"]\n");
      FallbackClient client = client(node);
      try (FallbackClient.Stream stream = client.stream("Origin: https://good.example")) {
        stream.established();
        assertThat(http.send(client.request("xhr_send", "[]", foreign)).next().line())
            .isEqualTo("403 Origin not allowed: https://bad.example");
        assertThat(http.send(client.request("xhr", "", foreign)).next().status()).isEqualTo(403);
        assertThat(client.send(subscribe("room"))).isEqualTo(204);
        assertThat(stream.next()).contains("subscription_succeeded");
      }
    }
  }

  @Test
  void aShutdownClosesThemWithItsCode() throws IOException {
    TestNode node = TestNode.start(PlainApp.APP);
    FallbackClient client = client(node);
    try (FallbackClient.Stream stream = client.stream();
        RawHttp poll = new RawHttp(node.port())) {
      stream.established();
      FallbackClient polling = client(node);
      polling.poll();
      poll.send(polling.request("xhr", ""));
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(() -> node.server().close(DrainOptions.DEFAULTS));
      assertThat(stream.nextContaining("c[")).startsWith("c[4100,");
      assertThat(stream.next()).isEmpty();
      assertThat(poll.next().body()).contains("c[4100,");
      end.join();
    }
  }

  @Test
  void theyCanBeTurnedOffAndBePinnedToANode() throws IOException {
    ServerOptions off = TestNode.options(0).withFallback(new FallbackOptions(false, "", 5));
    try (TestNode node = start(off, PlainApp.APP);
        RawHttp http = new RawHttp(node.port())) {
      assertThat(http.send(client(node).request("xhr", "")).next().status()).isEqualTo(404);
    }
    ServerOptions pinned =
        TestNode.options(0).withFallback(new FallbackOptions(true, "node2.example", 5));
    try (TestNode node = start(pinned, PlainApp.APP)) {
      assertThat(client(node).poll()).startsWith("o{\"hostname\":\"node2.example\"}\na[");
    }
  }

  @Test
  void plainTextIsRefusedWhereTlsIsRequired(@TempDir Path folder) throws IOException {
    var _ = Authority.in(folder).issue("ec");
    ServerOptions tls =
        TestNode.options(0)
            .withTls(
                TlsOptions.OFF
                    .withCertificate(folder.resolve("ec-chain.pem").toString())
                    .withKey(folder.resolve("ec.key").toString())
                    .withOnly(true));
    try (TestNode node = start(tls, PlainApp.APP);
        RawHttp http = new RawHttp(node.port())) {
      FallbackClient client = client(node);
      assertThat(http.send(client.request("xhr", "")).next().body())
          .endsWith(
              "c[4000,\"Application only accepts SSL connections, reconnect using wss://\"]\n");
      assertThat(http.send(client.request("xhr_send", "[]")).next().line())
          .isEqualTo("426 This server accepts TLS only, use https");
    }
  }

  @Test
  void aRequestBehindAnEndlessResponseClosesTheSocket() throws IOException {
    try (TestNode node = start(TestNode.options(0), PlainApp.APP);
        RawHttp http = new RawHttp(node.port())) {
      http.send(client(node).request("xhr_streaming", "")).nextHead();
      http.send(RawHttp.request("GET", "/live", ""));
      assertThat(http.isEnded()).isTrue();
    }
  }
}
