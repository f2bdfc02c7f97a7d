package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// One event for many sockets, some with TLS: all of them send the same buffer, so none may change
/// it or release it twice.
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
final class TlsFanoutTest {

  private static final int SUBSCRIBERS = 50;
  private static final int EVENTS = 200;
  private static final int MAX_EVENTS = 20_000;

  @TempDir private static Path folder;
  private static Authority authority;

  @Parameter private TlsOptions.Engine engine = TlsOptions.Engine.AUTO;

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(folder).issue("ec").issue("next");
  }

  /// With the engine that is tested.
  private TlsOptions options(String name) {
    return authority.options(name).withEngine(engine);
  }

  private static TestNode start(TlsOptions tls, App app) {
    ServerOptions options = TestNode.options(0).withTls(tls);
    return TestNode.start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, app);
  }

  /// Every second one uses TLS, alternating between the versions.
  private static RawSocket subscriber(TestNode node, int number) throws IOException {
    RawSocket socket =
        number % 2 == 0
            ? new RawSocket(node.port())
            : new RawSocket(
                authority.connect(node.port(), number % 4 == 1 ? "TLSv1.2" : "TLSv1.3"));
    // Of four neighbours, two have compressed messages: one of each kind.
    String[] headers =
        number / 2 % 2 == 0
            ? new String[0]
            : new String[] {"Sec-WebSocket-Extensions: permessage-deflate"};
    socket.establish(node.app().key(), headers);
    socket.subscribe("crowd");
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  @Test
  void allSocketsGetTheSameBytes() throws IOException {
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    List<RawSocket> subscribers = new ArrayList<>();
    App compressing = Apps.with(TestNode.APP, AppOptions.DEFAULTS.withCompression(true));
    try (ErrorLog errors = ErrorLog.open()) {
      try (TestNode node = start(options("ec"), compressing);
          Api api = new Api(node)) {
        for (int i = 0; i < SUBSCRIBERS; i++) {
          subscribers.add(subscriber(node, i));
        }
        for (int i = 0; i < EVENTS; i++) {
          // Small ones share a record, large ones need several.
          api.publish("crowd", "e" + i, "x".repeat(i % 10 == 0 ? 10_000 : i));
        }
        for (int i = 0; i < EVENTS; i++) {
          String data = "x".repeat(i % 10 == 0 ? 10_000 : i);
          for (RawSocket subscriber : subscribers) {
            assertThat(subscriber.nextTextContaining("\"event\":\"e"))
                .isEqualTo(
                    "{\"event\":\"e" + i + "\",\"channel\":\"crowd\",\"data\":\"" + data + "\"}");
          }
        }
        for (RawSocket subscriber : subscribers) {
          subscriber.expectNothing();
          subscriber.close();
        }
      }
      // A leak is detected when the buffer is garbage collected, and logged at the next allocation.
      System.gc();
      for (int i = 0; i < 1_000; i++) {
        ByteBufAllocator.DEFAULT.buffer().release();
      }
      assertThat(errors.lines()).isEmpty();
    } finally {
      ResourceLeakDetector.setLevel(before);
    }
  }

  @Test
  @Tag("one-node")
  void aSlowReaderIsDisconnectedAndTheOthersGetEverything() throws IOException {
    App app = Apps.with(TestNode.APP, AppOptions.DEFAULTS);
    try (TestNode node = start(options("ec"), app);
        Api api = new Api(node);
        RawSocket slow = subscriber(node, 1);
        RawSocket neighbour = subscriber(node, 3);
        RawSocket plain = subscriber(node, 0)) {
      String large = "x".repeat(10_000);
      int sent = 0;
      while (sent < MAX_EVENTS && node.server().connections(node.app()) == 3) {
        api.publish("crowd", "e" + sent, large);
        assertThat(neighbour.nextTextContaining("\"event\":\"e")).contains("\"e" + sent + "\"");
        assertThat(plain.nextTextContaining("\"event\":\"e")).contains("\"e" + sent + "\"");
        sent++;
      }
      assertThat(node.server().connections(node.app())).isEqualTo(2);
      RawSocket.Frame close = slow.nextClose();
      assertThat(close.closeCode()).isEqualTo(4100);
      assertThat(close.closeReason())
          .matches(
              "Reading too slowly: \\d+ bytes are waiting, the limit is 1048576"
                  + " \\(max_pending_bytes\\)");
      neighbour.expectNothing();
      plain.expectNothing();
    }
  }

  @Test
  @Tag("one-node")
  void aCertificateIsReplacedWhileEventsFlow() throws IOException {
    Path certificate = folder.resolve("live.pem");
    Path key = folder.resolve("live.key");
    Files.writeString(certificate, authority.read("ec-chain.pem"));
    Files.writeString(key, authority.read("ec.key"));
    TlsOptions tls = options("ec").withCertificate(certificate.toString()).withKey(key.toString());
    try (TestNode node = start(tls, TestNode.APP);
        Api api = new Api(node);
        RawSocket old = subscriber(node, 1)) {
      assertThat(subject(node)).isEqualTo("CN=ec");
      for (int i = 0; i < 8; i++) {
        String name = i % 2 == 0 ? "next" : "ec";
        Files.writeString(key, authority.read(name + ".key"));
        api.publish("crowd", "a" + i, "");
        assertThat(node.server().reloadCertificates())
            .contains("which does not match the certificate in");
        Files.writeString(certificate, authority.read(name + "-chain.pem"));
        assertThat(node.server().reloadCertificates()).startsWith("new connections get");
        assertThat(subject(node)).isEqualTo("CN=" + name);
        try (RawSocket fresh = subscriber(node, 5)) {
          api.publish("crowd", "b" + i, "");
          fresh.nextTextContaining("\"b" + i + "\"");
        }
        old.nextTextContaining("\"a" + i + "\"");
        old.nextTextContaining("\"b" + i + "\"");
      }
    }
  }

  private static String subject(TestNode node) throws IOException {
    try (SSLSocket socket = authority.connect(node.port())) {
      X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return own.getSubjectX500Principal().getName();
    }
  }
}
