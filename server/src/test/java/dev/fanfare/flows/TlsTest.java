package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Authority;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RefusedLog;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.address.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS on the shared port, on a separate port, and where it is not expected.
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
final class TlsTest {

  private static final String LIVE = RawHttp.request("GET", "/live", "");
  private static final String KEY = PlainApp.APP.key();

  @TempDir private static Path folder;
  private static Authority authority;

  @Parameter private TlsOptions.Engine engine = TlsOptions.Engine.AUTO;

  private final RefusedLog refused = new RefusedLog();
  private final ManualClock clock = new ManualClock();

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(folder).issue("ec").issueRsa("rsa");
  }

  /// With the engine that is tested.
  private TlsOptions options(String name) {
    return authority.options(name).withEngine(engine);
  }

  private TestNode start(TlsOptions tls) {
    return start(TestNode.options(0).withTls(tls));
  }

  private TestNode start(ServerOptions options) {
    return TestNode.start(options, clock.withSystemTime(), refused, PlainApp.APP);
  }

  private static RawSocket secure(int port, String... protocols) throws IOException {
    return new RawSocket(authority.connect(port, protocols));
  }

  /// A socket of a client that trusts public authorities only.
  private static SSLSocket stranger(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
  }

  private static RawHttp.Answer ask(RawSocket socket, String request) throws IOException {
    return new RawHttp(socket).send(request).next();
  }

  // One port for both

  @ParameterizedTest
  @CsvSource({"ec, TLSv1.3", "ec, TLSv1.2", "rsa, TLSv1.3", "rsa, TLSv1.2"})
  @Tag("one-node")
  void tlsAndPlainTextShareOnePort(String name, String protocol) throws IOException {
    try (TestNode node = start(options(name));
        SSLSocket tls = authority.connect(node.port(), protocol);
        RawSocket plain = RawSocket.established(node.port(), KEY)) {
      assertThat(tls.getSession().getProtocol()).isEqualTo(protocol);
      assertThat(tls.getSession().getPeerCertificates()).hasSize(2);
      assertThat(node.server().tlsPort()).isEqualTo(node.port());
      RawSocket socket = new RawSocket(tls).establish(KEY);
      socket.subscribe("news");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"news\","
                  + "\"data\":\"{}\"}");
      plain.expectNothing();
      socket.expectNothing();
    }
  }

  @Test
  void requestsAreAnsweredInOrderAndTheLastOneEndsTls() throws IOException {
    try (TestNode node = start(options("ec"));
        RawSocket socket = secure(node.port())) {
      socket.send(LIVE + LIVE + RawHttp.request("GET", "/live", "", "Connection: close"));
      for (int i = 0; i < 3; i++) {
        assertThat(socket.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(socket.readBody(2)).isEqualTo("OK");
      }
      assertThat(socket.rest()).isEmpty(); // an end without close_notify would throw
    }
  }

  @Test
  void bodiesOfManyRecordsArriveWhole() throws IOException {
    try (TestNode node = start(options("ec"))) {
      String body = "x".repeat(1_048_576);
      try (RawSocket socket = secure(node.port())) {
        assertThat(ask(socket, RawHttp.request("POST", "/x", body)).status()).isEqualTo(404);
      }
      try (RawSocket socket = secure(node.port())) {
        RawHttp.Answer answer = ask(socket, RawHttp.request("POST", "/x", body + "x"));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("1048577", "1048576 bytes, max_request_bytes");
      }
    }
  }

  @Test
  void aVersionThatIsNotAllowedIsRefusedWithItsName() throws IOException {
    TlsOptions newest = options("ec").withProtocols(List.of(TlsOptions.Protocol.TLS_1_3));
    try (TestNode node = start(newest)) {
      assertThatThrownBy(() -> authority.connect(node.port(), "TLSv1.2"))
          .isInstanceOf(SSLException.class);
      assertThat(refused.next()).contains("TLS handshake failed: ", "are not accepted");
      authority.connect(node.port(), "TLSv1.3").close();
    }
  }

  @Test
  void aClientThatDoesNotTrustTheCertificateIsLogged() throws Exception {
    try (TestNode node = start(options("ec"));
        SSLSocket stranger = stranger(node.port())) {
      assertThatThrownBy(stranger::startHandshake).isInstanceOf(SSLException.class);
      assertThat(refused.next())
          .matches(
              "127\\.0\\.0\\.1:\\d+: TLS handshake failed: .*certificate_unknown; the client does"
                  + " not trust the certificate: chain, name or authority");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "16", // a handshake's first byte, and nothing more
        "160301", // and its version
        "16030100050102030405", // a handshake of nonsense
        "16ffffffffffffffffffff",
        "160301ffff" + "00",
      })
  void invalidTlsClosesItsOwnSocketOnly(String hex) throws IOException {
    try (TestNode node = start(options("ec").withPort(0));
        RawSocket neighbour = secure(node.port()).establish(KEY);
        RawSocket socket = new RawSocket(node.port())) {
      socket.send(HexFormat.of().parseHex(hex));
      socket.endOutput();
      assertThat(socket.isEnded()).isTrue();
      assertThat(refused.next()).contains("TLS handshake failed: ").doesNotContain("null");
      neighbour.expectNothing();
    }
  }

  @Test
  void helloOfSslVersionTwoIsNeitherTlsNorHttp() throws IOException {
    try (TestNode node = start(options("ec"));
        RawSocket socket = new RawSocket(node.port())) {
      socket.send(HexFormat.of().parseHex("802e0100020015000000100100800300800700c0"));
      assertThat(socket.isEnded()).isTrue();
      assertThat(refused.next()).endsWith(": first byte 128 is neither TLS nor HTTP");
    }
  }

  @Test
  void aStalledHandshakeTimesOut() throws IOException {
    ServerOptions options = TestNode.options(0).withTls(options("ec")).withLanes(1);
    try (TestNode node = start(options.withHandshakeTimeoutSeconds(20).withHeadTimeoutSeconds(60));
        RawSocket socket = new RawSocket(node.port())) {
      socket.send(HexFormat.of().parseHex("1603010200"));
      try (RawSocket probe = new RawSocket(node.port())) {
        assertThat(ask(probe, LIVE).status()).isEqualTo(200); // so the other was heard too
      }
      clock.advance(Duration.ofSeconds(20));
      assertThat(refused.next())
          .endsWith(
              ": TLS: The first request was not complete 20 seconds after the connection was made"
                  + " (handshake_timeout_seconds)");
      assertThat(socket.isEnded()).isTrue();
      assertThat(refused.isEmpty()).isTrue();
    }
  }

  @Test
  void aStalledRequestOverTlsIsAnsweredInTime() throws IOException {
    ServerOptions options = TestNode.options(0).withTls(options("ec")).withLanes(1);
    try (TestNode node = start(options.withHandshakeTimeoutSeconds(20));
        RawSocket socket = secure(node.port())) {
      socket.send(LIVE.substring(0, 10));
      try (RawSocket probe = secure(node.port())) {
        assertThat(ask(probe, LIVE).status()).isEqualTo(200);
      }
      clock.advance(Duration.ofSeconds(20));
      assertThat(socket.readHead()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
      assertThat(refused.next()).contains("head_timeout_seconds");
    }
  }

  @Test
  void aProxySpeaksBeforeTlsBegins() throws IOException {
    ServerOptions options =
        TestNode.options(0)
            .withTls(options("ec"))
            .withProxyProtocol(ServerOptions.ProxyProtocol.REQUIRED)
            .withTrustedProxies(List.of(Objects.requireNonNull(Network.parse("127.0.0.1"))));
    String header = "PROXY TCP4 192.0.2.7 192.0.2.8 4711 443\r\n";
    try (TestNode node = start(options);
        Socket tcp = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      tcp.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
      try (RawSocket socket = new RawSocket(authority.over(tcp))) {
        socket.sendHandshake("/app/unknown?protocol=7");
        socket.readHead();
        assertThat(socket.nextClose().closeCode()).isEqualTo(4001);
        assertThat(refused.next()).startsWith("192.0.2.7:4711: 4001 ");
      }
    }
  }

  @Test
  void aCloseFrameIsAnsweredAndTheSocketClosesInOrder() throws IOException {
    try (TestNode node = start(options("ec"));
        RawSocket socket = secure(node.port()).establish(KEY)) {
      socket.sendClose(1000, "bye");
      assertThat(socket.nextClose().closeReason()).isEqualTo("bye");
      assertThat(socket.rest()).isEmpty();
    }
  }

  @Test
  void afterABrokenFrameTlsEndsRightBehindTheCloseFrame() throws IOException {
    try (TestNode node = start(options("ec"));
        RawSocket socket = secure(node.port()).establish(KEY)) {
      socket.sendFrame(3, true, new byte[0]); // a reserved opcode
      assertThat(socket.nextClose().closeCode()).isEqualTo(1002);
      assertThat(socket.rest()).isEmpty(); // an end without close_notify would throw
    }
  }

  @Test
  @Tag("one-node")
  void aClientThatEndsOnlyTlsIsClosed() throws IOException {
    try (TestNode node = start(options("ec"));
        SSLSocket tls = authority.connect(node.port())) {
      RawSocket _ = new RawSocket(tls).establish(KEY);
      assertThat(node.server().connections(node.app())).isEqualTo(1);
      tls.shutdownOutput();
      await("the end").until(() -> node.server().connections(node.app()) == 0);
    }
  }

  // A port for each

  @Test
  @Tag("one-node")
  void tlsMayHaveASeparatePort() throws IOException {
    int port = FreePort.number();
    try (TestNode node = start(options("ec").withPort(port))) {
      assertThat(node.server().tlsPort()).isEqualTo(port).isNotEqualTo(node.port());
      secure(port).establish(KEY).close();
      RawSocket.established(node.port(), KEY).close();
      assertThatThrownBy(() -> authority.connect(node.port())).isInstanceOf(IOException.class);
      assertThat(refused.next())
          .endsWith(
              ": the first bytes look like TLS, which is spoken on port "
                  + port
                  + " only (tls_port)");
      try (RawSocket socket = new RawSocket(port)) {
        RawHttp.Answer answer = ask(socket, RawHttp.request("GET", "/apps/1/channels", ""));
        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.reason()).isEqualTo("This port is for TLS (tls_port), so use https://");
        assertThat(socket.isEnded()).isTrue();
      }
    }
  }

  @Test
  void aTlsPortInUseStopsTheStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TlsOptions tls = options("ec").withPort(taken.getLocalPort());
      assertThatThrownBy(() -> start(tls))
          .hasMessageContaining("port " + taken.getLocalPort() + " is already in use on 127.0.0.1");
    }
  }

  // Where TLS is required, or not offered

  @Test
  void plainTextIsRefusedIfSoConfigured() throws IOException {
    try (TestNode node = start(options("ec").withOnly(true))) {
      try (RawSocket socket = RawSocket.upgraded(node.port(), "/app/" + KEY + "?protocol=7")) {
        String reason = "Application only accepts SSL connections, reconnect using wss://";
        assertThat(socket.nextText())
            .isEqualTo(
                "{\"event\":\"pusher:error\",\"data\":{\"code\":4000,\"message\":\""
                    + reason
                    + "\"}}");
        RawSocket.Frame close = socket.nextFrame();
        assertThat(close.closeCode()).isEqualTo(4000);
        assertThat(close.closeReason()).isEqualTo(reason);
        assertThat(refused.next()).endsWith(": 4000 " + reason);
      }
      try (RawSocket socket = new RawSocket(node.port())) {
        String signed = RawHttp.signed(PlainApp.APP, "GET", "/channels", "");
        RawHttp.Answer answer = ask(socket, signed);
        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.lines()).contains("Upgrade: TLS/1.2, HTTP/1.1", "connection: upgrade");
        assertThat(answer.reason())
            .isEqualTo("This server only accepts requests over TLS (tls_only), so use https://");
      }
      try (RawSocket probe = new RawSocket(node.port())) {
        assertThat(ask(probe, LIVE).status()).isEqualTo(200);
      }
      try (RawSocket socket = secure(node.port())) {
        String signed = RawHttp.signed(PlainApp.APP, "GET", "/channels", "");
        assertThat(ask(socket, signed).body()).isEqualTo("{\"channels\":{}}");
      }
      secure(node.port()).establish(KEY).close();
    }
  }

  @Test
  void aServerWithoutACertificateReportsThat() throws IOException {
    try (TestNode node = start(TlsOptions.OFF)) {
      assertThat(node.server().tlsPort()).isZero();
      assertThat(node.server().certificate()).isNull();
      String reason = "the first bytes look like TLS, but tls_certificate is not set";
      assertThatThrownBy(() -> authority.connect(node.port()))
          .hasMessageContaining("Unsupported or unrecognized SSL message");
      assertThat(refused.next()).endsWith(": " + reason);
      try (RawSocket socket = new RawSocket(node.port())) {
        RawHttp.Answer answer = ask(socket, "\u0016\u0003\u0001");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.reason()).isEqualTo(reason);
        assertThat(socket.isEnded()).isTrue();
      }
    }
  }

  @Test
  void aBrokenCertificateStopsTheStartWithItsReason() {
    TlsOptions mixed = options("ec").withKey(authority.path("rsa.key").toString());
    assertThatThrownBy(() -> start(mixed))
        .hasMessageContaining("rsa.key\", which does not match the certificate in \"");
  }
}
