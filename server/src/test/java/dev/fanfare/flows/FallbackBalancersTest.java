package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.doctor.ProxyProcess;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.FallbackClient;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.Haproxy;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions without WebSocket on two nodes behind real balancers, configured as the documentation
/// says.
@Tag("one-node")
final class FallbackBalancersTest {

  private static final int CLIENTS = 20;

  @TempDir private static Path folder;

  private static TestCluster cluster;
  private static Api api;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(2, PlainApp.APP);
    api = new Api(cluster.node(0));
  }

  @AfterAll
  static void stop() {
    api.close();
    cluster.close();
  }

  /// The documented configuration, with these nodes.
  private static String documented(String language) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "fallbacks.md"));
    String start = "```" + language + "\n";
    int from = page.indexOf(start) + start.length();
    return page.substring(from, page.indexOf("```", from))
        .replace("10.0.0.1:6001", "127.0.0.1:" + cluster.node(0).port())
        .replace("10.0.0.2:6001", "127.0.0.1:" + cluster.node(1).port());
  }

  @Test
  void haproxySendsASessionToOneNode() throws IOException {
    String backends = documented("haproxy");
    try (Haproxy proxy =
        Haproxy.start(
            folder,
            port ->
                "global\n    nbthread 1\n"
                    + backends.replace("bind :80", "bind 127.0.0.1:" + port))) {
      passes(proxy.port(), "haproxy");
    }
  }

  @Test
  void nginxSendsASessionToOneNode() throws IOException {
    int port = FreePort.number();
    String http = documented("nginx").replace("listen 80", "listen 127.0.0.1:" + port);
    try (ProxyProcess _ = ProxyProcess.nginx(folder, port, http)) {
      passes(port, "nginx");
    }
  }

  private static void passes(int port, String channel) throws IOException {
    List<FallbackClient.Stream> streams = new ArrayList<>();
    try (RawSocket webSocket = RawSocket.established(port, PlainApp.APP.key())) {
      assertThat(webSocket.socketId()).isNotEmpty();
      for (int i = 0; i < CLIENTS; i++) {
        FallbackClient client = new FallbackClient(port, PlainApp.APP.key());
        FallbackClient.Stream stream = client.stream();
        streams.add(stream);
        stream.established();
        for (int j = 0; j < 3; j++) {
          assertThat(client.send(FallbackClient.subscribe(channel + j))).isEqualTo(204);
          assertThat(stream.next()).contains("subscription_succeeded");
        }
      }
      assertThat(cluster.node(0).server().connections(PlainApp.APP)).isBetween(1, CLIENTS);
      assertThat(cluster.node(1).server().connections(PlainApp.APP)).isBetween(1, CLIENTS);
      api.publish(channel + 1, "e", "1");
      for (FallbackClient.Stream stream : streams) {
        assertThat(stream.nextContaining("event")).contains(channel + 1);
      }
    } finally {
      for (FallbackClient.Stream stream : streams) {
        stream.close();
      }
    }
  }
}
