package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.PusherOptions;
import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.PebbleProcess;
import dev.fanfare.testing.TestNode;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that orders its certificate from Pebble, from a first day on which Pebble is away to a
/// renewal that it refuses.
@Tag("one-node")
final class AcmeStoryTest {

  private static final String TRUST_STORE = "javax.net.ssl.trustStore";

  @TempDir private Path folder;

  /// How far the server's calendar is ahead.
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private final FanfareServer.Clocks clocks =
      new FanfareServer.Clocks(NanoClock.SYSTEM, () -> Instant.now().plus(ahead.get()));

  private AcmeOptions acme(PebbleProcess pebble, int httpPort) {
    return AcmeOptions.OFF
        .withDomains(List.of("localhost"))
        .withTermsAgreed(true)
        .withDirectory(pebble.directory())
        .withCa(pebble.ca())
        .withFolder(folder.resolve("acme").toString())
        .withHttpPort(httpPort);
  }

  private TestNode start(AcmeOptions acme, int port) {
    TlsOptions tls = TlsOptions.OFF.withCertificate(acme.certificate()).withIsOrdered(acme.isOn());
    PartOptions options =
        TestNode.PARTS.withServer(TestNode.options(port).withTls(tls)).withAcme(acme);
    return TestNode.start(options, clocks, ServerListener.NONE, TestNode.APP);
  }

  private static void await(BooleanSupplier fact) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(fact::getAsBoolean);
  }

  private static BigInteger serial(TestNode node) {
    Credentials used = node.server().certificate();
    return used == null ? BigInteger.ZERO : used.chain().getFirst().getSerialNumber();
  }

  /// Waits until another certificate is in use. Asks for it like SIGHUP, to save time.
  private static BigInteger nextSerial(TestNode node, BigInteger before) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          String _ = node.server().reloadCertificates();
          return !serial(node).equals(before);
        });
    return serial(node);
  }

  private static PusherOptions secure(int port) {
    return new PusherOptions().setHost("localhost").setWssPort(port).setUseTLS(true);
  }

  private static void publish(TestNode node, String data) throws IOException {
    try (Api api = new Api(node)) {
      api.publish("news", "headline", data);
    }
  }

  @Test
  void clientsStayConnectedFromTheFirstCertificateToARefusedRenewal() throws IOException {
    int httpPort = FreePort.number();
    String trustBefore = System.getProperty(TRUST_STORE);
    try (PebbleProcess pebble = PebbleProcess.start(folder, httpPort, FreePort.number())) {
      pebble.kill();
      AcmeOptions acme = acme(pebble, httpPort);
      Path past = acme.home().resolve("orders");
      try (TestNode node = start(acme, 0)) {
        await(() -> reason(node).contains("There is no certificate yet: cannot connect to"));
        publish(node, "plain text works");
        pebble.restart();
        BigInteger first = nextSerial(node, BigInteger.ZERO);
        await(() -> node.server().readiness().reasons().isEmpty());
        System.setProperty(TRUST_STORE, pebble.trustStore().toString());
        try (Device device = new Device(node.app().key(), secure(node.port())).connect()) {
          ChannelLog news = device.subscribed("news", "headline");
          ahead.set(Duration.ofDays(61));
          BigInteger second = nextSerial(node, first);
          pebble.kill();
          ahead.set(Duration.ofDays(61).plusHours(2));
          await(() -> read(past).contains("failures: 1"));
          ahead.set(Duration.ZERO);
          assertThat(serial(node)).isEqualTo(second);
          publish(node, "still here");
          assertThat(news.next()).isEqualTo("headline: still here");
          try (Device another = new Device(node.app().key(), secure(node.port())).connect()) {
            assertThat(another.socketId()).isNotEqualTo(device.socketId());
          }
          assertThat(node.server().readiness().reasons()).isEmpty();
        }
      }
      try (TestNode again = start(acme, 0)) {
        assertThat(serial(again)).as("without the authority").isNotEqualTo(BigInteger.ZERO);
        assertThat(again.server().readiness().reasons()).isEmpty();
      }
    } finally {
      if (trustBefore == null) {
        System.clearProperty(TRUST_STORE);
      } else {
        System.setProperty(TRUST_STORE, trustBefore);
      }
    }
  }

  /// With the engine that the certificate is used with; the examination itself has the JDK's.
  @Test
  void aDomainIsExaminedOverTlsOnThePortOfTheClients() throws IOException {
    int port = FreePort.number();
    try (PebbleProcess pebble = PebbleProcess.start(folder, FreePort.number(), port)) {
      for (TlsOptions.Engine engine : List.of(TlsOptions.Engine.JDK, TlsOptions.Engine.OPENSSL)) {
        AcmeOptions acme =
            acme(pebble, 0)
                .withChallenge(AcmeOptions.Challenge.TLS_ALPN_01)
                .withFolder(folder.resolve(engine.name()).toString());
        TlsOptions tls =
            TlsOptions.OFF
                .withCertificate(acme.certificate())
                .withIsOrdered(true)
                .withEngine(engine);
        PartOptions options =
            TestNode.PARTS.withServer(TestNode.options(port).withTls(tls)).withAcme(acme);
        try (TestNode node = TestNode.start(options, clocks, ServerListener.NONE, TestNode.APP)) {
          BigInteger first = nextSerial(node, BigInteger.ZERO);
          try (SSLSocket client = shakenHands(pebble, port)) {
            ahead.set(Duration.ofDays(61));
            assertThat(nextSerial(node, first)).as("clients are connected").isNotEqualTo(first);
            ahead.set(Duration.ZERO);
            assertThat(client.getSession().getPeerCertificates()).hasSize(2);
            try (SSLSocket another = shakenHands(pebble, port)) {
              assertThat(another.getSession().isValid()).isTrue();
            }
          }
        }
      }
    }
  }

  private static SSLSocket shakenHands(PebbleProcess pebble, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket) pebble.trust().getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(30_000);
    socket.startHandshake();
    return socket;
  }

  private static String reason(TestNode node) {
    return String.join("; ", node.server().readiness().reasons());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
