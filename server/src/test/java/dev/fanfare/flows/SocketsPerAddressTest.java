package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RefusedLog;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Network;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `max_connections_per_address` applies to sockets from the moment they are accepted, whatever
/// they send, until they have sent a signed request.
@Tag("one-node")
final class SocketsPerAddressTest {

  private static final String TARGET = "/app/" + PlainApp.APP.key() + "?protocol=7";

  private final RefusedLog refused = new RefusedLog();
  private final ManualClock clock = new ManualClock();

  private TestNode start(ServerOptions options) {
    return TestNode.start(options, clock.withSystemTime(), refused, PlainApp.APP);
  }

  private static RawHttp.Answer ask(RawSocket socket, String request) throws IOException {
    return new RawHttp(socket).send(request).next();
  }

  private static void handshake(RawSocket socket) throws IOException {
    socket.sendHandshake(TARGET);
    assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
  }

  /// A socket whose bytes, if any, have reached the server.
  private static RawSocket silent(TestNode node, String bytes) throws IOException {
    RawSocket socket = new RawSocket(node.port());
    socket.send(bytes);
    return socket;
  }

  @Test
  void socketsCountFromAcceptAndAsManyAgainWaitForTheReason() throws IOException {
    String reason = "127.0.0.1 has 2 connections, the limit (max_connections_per_address)";
    ServerOptions options = TestNode.options(0).withLanes(1).withMaxConnectionsPerAddress(2);
    try (TestNode node = start(options);
        RawSocket silent = silent(node, "");
        RawSocket half = silent(node, "GET /li");
        RawSocket publisher = silent(node, "");
        RawSocket client = silent(node, "")) {
      try (RawSocket fifth = new RawSocket(node.port())) {
        assertThat(fifth.isEnded()).isTrue();
        assertThat(refused.next()).matches("127\\.0\\.0\\.1:\\d+: \\Q" + reason + "\\E");
      }
      RawHttp.Answer live = ask(publisher, RawHttp.request("GET", "/live", ""));
      assertThat(live.status()).isEqualTo(200);
      assertThat(live.header("Connection")).isEqualTo("close");
      assertThat(publisher.isEnded()).isTrue();
      handshake(client);
      assertThat(client.nextText()).contains(reason);
      assertThat(client.nextClose().closeReason()).isEqualTo(reason);
      assertThat(refused.next()).endsWith(": 4100 " + reason);
      half.send("ve HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(half.readHead()).startsWith("HTTP/1.1 200 ");
      handshake(silent);
      assertThat(silent.nextText()).contains("pusher:connection_established");
    }
  }

  @Test
  void aWaitingSocketIsAdmittedOnceThereIsRoom() throws IOException {
    ServerOptions options = TestNode.options(0).withLanes(1).withMaxConnectionsPerAddress(1);
    try (TestNode node = start(options);
        RawSocket first = node.connect();
        RawSocket waiting = silent(node, "")) {
      first.endOutput();
      await("room for another")
          .atMost(Duration.ofSeconds(5))
          .until(() -> node.server().connections(node.app()) == 0);
      assertThat(first.isEnded()).isTrue();
      handshake(waiting);
      assertThat(waiting.nextText()).contains("pusher:connection_established");
    }
  }

  @Test
  void socketsOfPublishersDoNotCount() throws IOException {
    ServerOptions options = TestNode.options(0).withMaxConnectionsPerAddress(1);
    String signed = RawHttp.signed(PlainApp.APP, "GET", "/channels", "");
    try (TestNode node = start(options);
        RawSocket one = new RawSocket(node.port())) {
      assertThat(ask(one, signed).status()).isEqualTo(200);
      try (RawSocket another = new RawSocket(node.port());
          RawSocket client = silent(node, "")) {
        assertThat(ask(another, signed).header("Connection")).isEqualTo("keep-alive");
        handshake(client);
        assertThat(client.nextText()).contains("pusher:connection_established");
        assertThat(ask(one, signed).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void behindAProxyAnAddressCountsFromItsHeaderAndTheProxyHasNoLimit() throws IOException {
    ServerOptions options =
        TestNode.options(0)
            .withTrustedProxies(List.of(Objects.requireNonNull(Network.parse("127.0.0.1"))))
            .withLanes(1)
            .withMaxConnectionsPerAddress(1)
            .withProxyProtocol(ServerOptions.ProxyProtocol.OPTIONAL);
    String header = "PROXY TCP4 192.0.2.9 192.0.2.10 4711 80\r\n";
    try (TestNode node = start(options);
        RawSocket _ = silent(node, header);
        RawSocket _ = silent(node, header);
        RawSocket third = silent(node, header);
        RawSocket other = silent(node, header.replace("2.9", "2.8"))) {
      assertThat(third.isEnded()).isTrue();
      assertThat(refused.next()).startsWith("192.0.2.9:4711: 192.0.2.9 has 1 connections");
      handshake(other);
      assertThat(other.nextText()).contains("pusher:connection_established");
      try (RawSocket first = node.connect();
          RawSocket second = node.connect();
          RawSocket last = node.connect()) {
        for (RawSocket client : List.of(first, second, last)) {
          client.expectNothing();
        }
      }
    }
  }
}
