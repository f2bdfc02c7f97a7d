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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The source address of a connection, also behind proxies, and the limits per address. The test
/// acts as the proxy; its addresses are those reserved for documentation.
@Tag("one-node")
final class SourceAddressTest {

  private static final String TARGET = "/app/" + PlainApp.APP.key() + "?protocol=7";
  private static final String V2_SIGNATURE = "0d0a0d0a000d0a515549540a";

  private final RefusedLog refused = new RefusedLog();
  private final ManualClock clock = new ManualClock();

  private static ServerOptions trusting(String network) {
    return TestNode.options(0)
        .withTrustedProxies(List.of(Objects.requireNonNull(Network.parse(network))));
  }

  private TestNode start(ServerOptions options) {
    return TestNode.start(options, clock.withSystemTime(), refused, PlainApp.APP);
  }

  private static RawSocket from(TestNode node, String address) throws IOException {
    return RawSocket.upgraded(node.port(), TARGET, "X-Forwarded-For: " + address);
  }

  /// A handshake with an unknown key, so that the refusal names the source address.
  private static String stranger(String... headers) {
    return RawHttp.request(
        "GET",
        "/app/unknown?protocol=7",
        "",
        concat(
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            headers));
  }

  private static String[] concat(String first, String second, String... rest) {
    String[] all = new String[rest.length + 2];
    all[0] = first;
    all[1] = second;
    System.arraycopy(rest, 0, all, 2, rest.length);
    return all;
  }

  // Connections

  @Test
  void aConnectionAboveTheLimitGetsTheReasonAndIsAcceptedLater() throws IOException {
    try (TestNode node = start(trusting("127.0.0.1").withMaxConnectionsPerAddress(2));
        RawSocket first = from(node, "192.0.2.1");
        RawSocket second = from(node, "192.0.2.1");
        RawSocket other = from(node, "192.0.2.2")) {
      for (RawSocket socket : List.of(first, second, other)) {
        assertThat(socket.nextText()).contains("pusher:connection_established");
      }
      try (RawSocket third = from(node, "192.0.2.1")) {
        String reason = "192.0.2.1 has 2 connections, the limit (max_connections_per_address)";
        assertThat(third.nextText())
            .isEqualTo(
                "{\"event\":\"pusher:error\",\"data\":{\"code\":4100,\"message\":\""
                    + reason
                    + "\"}}");
        RawSocket.Frame close = third.nextFrame();
        assertThat(close.closeCode()).isEqualTo(4100);
        assertThat(close.closeReason()).isEqualTo(reason);
        assertThat(refused.next()).isEqualTo("192.0.2.1: 4100 " + reason);
      }
      first.endOutput(); // without a word, as a phone does that leaves its network
      await("room for another")
          .atMost(Duration.ofSeconds(5))
          .until(() -> node.server().connections(node.app()) == 2);
      try (RawSocket next = from(node, "192.0.2.1")) {
        assertThat(next.nextText()).contains("pusher:connection_established");
      }
    }
  }

  @Test
  void aConnectionRefusedForAnotherReasonDoesNotCount() throws IOException {
    try (TestNode node = start(trusting("127.0.0.1").withMaxConnectionsPerAddress(1))) {
      try (RawSocket stranger =
          RawSocket.upgraded(
              node.port(), "/app/unknown?protocol=7", "X-Forwarded-For: 192.0.2.1")) {
        assertThat(stranger.nextClose().closeCode()).isEqualTo(4001);
        try (RawSocket socket = from(node, "192.0.2.1")) {
          assertThat(socket.nextText()).contains("pusher:connection_established");
        }
      }
    }
  }

  // Handshakes

  @Test
  void aHandshakeAboveTheLimitIsNotUpgradedAndGetsRetryAfter() throws IOException {
    try (TestNode node = start(TestNode.options(0).withMaxHandshakesPerSecondPerAddress(2));
        RawSocket _ = node.connect();
        RawSocket _ = RawSocket.upgraded(node.port(), "/app/unknown?protocol=7")) {
      assertThat(refused.next()).contains("4001");
      try (RawHttp http = new RawHttp(node.port())) {
        RawHttp.Answer answer = http.send(stranger()).next();
        assertThat(answer.lines())
            .filteredOn(line -> !line.startsWith("date: "))
            .containsExactlyInAnyOrder(
                "HTTP/1.1 429 Too Many Requests",
                "Retry-After: 1",
                "X-Content-Type-Options: nosniff",
                "connection: close",
                "content-type: text/plain; charset=utf-8",
                "content-length: " + answer.body().length(),
                "Access-Control-Allow-Origin: *");
        assertThat(answer.reason())
            .isEqualTo(
                "127.0.0.1 made more than 2 handshakes in a second"
                    + " (max_handshakes_per_second_per_address)");
        assertThat(refused.next()).isEqualTo("GET /app/unknown: 429 " + answer.reason());
        assertThat(http.isEnded()).isTrue();
      }
      clock.advance(Duration.ofMillis(500));
      try (RawSocket again = node.connect()) {
        again.expectNothing();
      }
    }
  }

  // X-Forwarded-For

  @Test
  void forwardedAddressesOfUntrustedSourcesAreIgnored() throws IOException {
    try (TestNode node = start(trusting("192.0.2.0/24"));
        RawHttp http = new RawHttp(node.port())) {
      http.send(stranger("X-Forwarded-For: 192.0.2.9"));
      assertThat(http.nextHead().status()).isEqualTo(101);
      assertThat(refused.next()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void theRightmostAddressThatIsNotAProxyIsUsed() throws IOException {
    try (TestNode node = start(trusting("127.0.0.1"));
        RawHttp http = new RawHttp(node.port())) {
      http.send(stranger("X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.9, 127.0.0.1"));
      assertThat(http.nextHead().status()).isEqualTo(101);
      assertThat(refused.next()).startsWith("192.0.2.9: 4001 ");
    }
  }

  // PROXY protocol

  private static byte[] v2(String header) {
    return HexFormat.of().parseHex(V2_SIGNATURE + header.replace(" ", ""));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }

  private void expectStranger(ServerOptions options, byte[] header, String remote)
      throws IOException {
    byte[] all = join(header, utf8(stranger()));
    try (TestNode node = start(options)) {
      try (RawSocket atOnce = new RawSocket(node.port())) {
        atOnce.send(all);
        assertThat(atOnce.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(refused.next()).startsWith(remote);
      }
      try (RawSocket slowly = new RawSocket(node.port())) {
        for (byte b : all) {
          slowly.send(new byte[] {b});
        }
        assertThat(slowly.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(refused.next()).startsWith(remote);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"OPTIONAL", "REQUIRED"})
  void aHeaderNamesTheClient(ServerOptions.ProxyProtocol mode) throws IOException {
    ServerOptions options = trusting("127.0.0.1").withProxyProtocol(mode);
    expectStranger(
        options, utf8("PROXY TCP4 192.0.2.9 192.0.2.10 4711 80\r\n"), "192.0.2.9:4711: 4001 ");
    expectStranger(
        options,
        utf8("PROXY TCP6 2001:db8::9 2001:db8::a 4711 80\r\n"),
        "[2001:db8::9]:4711: 4001 ");
    expectStranger(options, v2("21 11 000c c0000209 c000020a 1267 0050"), "192.0.2.9:4711: 4001 ");
    expectStranger(
        options,
        v2(
            "21 21 0024 20010db8000000000000000000000009 20010db800000000000000000000000a 1267"
                + " 0050"),
        "[2001:db8::9]:4711: 4001 ");
  }

  @Test
  void aProxyMayConnectForItself() throws IOException {
    ServerOptions options =
        trusting("127.0.0.1").withProxyProtocol(ServerOptions.ProxyProtocol.REQUIRED);
    expectStranger(options, v2("20 00 0000"), "127.0.0.1:");
    expectStranger(options, utf8("PROXY UNKNOWN\r\n"), "127.0.0.1:");
  }

  @Test
  void anOptionalHeaderMayBeOmitted() throws IOException {
    expectStranger(
        trusting("127.0.0.1").withProxyProtocol(ServerOptions.ProxyProtocol.OPTIONAL),
        new byte[0],
        "127.0.0.1:");
  }

  @Test
  void aProxyBeforeTheProxyIsNamedByXForwardedFor() throws IOException {
    ServerOptions options =
        trusting("127.0.0.1").withProxyProtocol(ServerOptions.ProxyProtocol.OPTIONAL);
    try (TestNode node = start(options);
        RawHttp http = new RawHttp(node.port())) {
      http.send("PROXY TCP4 127.0.0.1 127.0.0.1 9 80\r\n" + stranger("X-Forwarded-For: 192.0.2.9"));
      assertThat(http.nextHead().status()).isEqualTo(101);
      assertThat(refused.next()).startsWith("192.0.2.9: 4001 ");
    }
  }

  private void expectEnd(ServerOptions options, String bytes, String reason) throws IOException {
    try (TestNode node = start(options);
        RawSocket socket = new RawSocket(node.port())) {
      socket.send(bytes);
      assertThat(refused.next()).matches("127\\.0\\.0\\.1:\\d+: " + reason + ".*");
      assertThat(socket.rest()).isEmpty();
      if (options.proxyProtocol() == ServerOptions.ProxyProtocol.OPTIONAL) {
        try (RawSocket neighbour = node.connect()) {
          neighbour.expectNothing();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"OPTIONAL", "REQUIRED"})
  void aMalformedHeaderEndsItsConnectionOnly(ServerOptions.ProxyProtocol mode) throws IOException {
    ServerOptions options = trusting("127.0.0.1").withProxyProtocol(mode);
    String reason = "malformed PROXY protocol header: ";
    expectEnd(options, "PROXY TCP4 192.0.2.999 192.0.2.10 4711 80\r\n", reason);
    expectEnd(options, "PROXY TCP9 192.0.2.9 192.0.2.10 4711 80\r\n", reason);
    expectEnd(options, "PROXY " + "x".repeat(200), reason);
    expectEnd(options, "\r\n\r\n\0\r\nQUIT\n1\u0011\0\0", reason);
  }

  @Test
  void aHeaderThatIsRequiredMustNotBeMissing() throws IOException {
    expectEnd(
        trusting("127.0.0.1").withProxyProtocol(ServerOptions.ProxyProtocol.REQUIRED),
        stranger(),
        "no PROXY protocol header, and proxy_protocol is required");
  }

  @Test
  void aRequiredHeaderIsAcceptedFromTrustedProxiesOnly() throws IOException {
    expectEnd(
        trusting("192.0.2.0/24").withProxyProtocol(ServerOptions.ProxyProtocol.REQUIRED),
        "",
        "not a trusted proxy \\(trusted_proxies\\), and proxy_protocol is required");
  }

  @ParameterizedTest
  @CsvSource({"OFF, 127.0.0.1", "OPTIONAL, 192.0.2.1"})
  void aHeaderOfAnUntrustedSourceIsABadRequest(ServerOptions.ProxyProtocol mode, String trusted)
      throws IOException {
    try (TestNode node = start(trusting(trusted).withProxyProtocol(mode));
        RawHttp http = new RawHttp(node.port())) {
      http.send("PROXY TCP4 192.0.2.9 192.0.2.10 4711 80\r\n" + stranger());
      assertThat(http.next().status()).isEqualTo(400);
    }
  }
}
