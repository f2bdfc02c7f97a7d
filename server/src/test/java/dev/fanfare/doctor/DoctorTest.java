package dev.fanfare.doctor;

import static dev.fanfare.doctor.Examination.assertWell;
import static dev.fanfare.doctor.Examination.failedAt;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.FanfareServer;
import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The doctor at a server without a proxy: what is well, and what is wrong with credentials, clocks
/// and addresses.
final class DoctorTest {

  private static final App OTHER =
      new App(
          "77",
          "other-key",
          new Secret("other-secret"),
          TestNode.APP.options(),
          TestNode.APP.limits());

  private static String url(TestNode node) {
    return "ws://127.0.0.1:" + node.port();
  }

  @Test
  void aGoodServerIsWell() throws IOException {
    try (TestNode node = TestNode.start()) {
      Report report = Examination.of(url(node), TestNode.APP);
      assertWell(report);
      assertThat(report.lines().stream().map(Report.Line::step)).containsExactly(Step.values());
      assertThat(report.outcome(Step.FORGERY).finding()).isEqualTo("a wrong signature is refused");
      assertThat(report.outcome(Step.CLOCK).finding()).isEqualTo("the clocks agree to a second");
      assertThat(report.outcome(Step.IDLE).finding()).contains("try --idle 130");
      assertThat(report.proxy()).isNull();
      assertThat(report.activitySeconds()).isEqualTo(120);
    }
  }

  @Test
  void withoutASecretAsMuchIsTriedAsCanBe() throws IOException {
    try (TestNode node = TestNode.start()) {
      DoctorOptions options = Examination.options(url(node), TestNode.APP);
      AppCredentials known = new AppCredentials(null, TestNode.APP.key(), null);
      Report report = Examination.of(options.withCredentials(known));
      assertThat(report.isGood()).isTrue();
      assertThat(report.outcome(Step.PUBLIC)).isInstanceOf(Outcome.Passed.class);
      assertThat(report.outcome(Step.PRIVATE).finding()).isEqualTo("no secret is given");
      assertThat(report.outcome(Step.PUBLISH).finding()).isEqualTo("needs the app's id and secret");
    }
  }

  @Test
  void aWrongKeyIsTold() throws IOException {
    try (TestNode node = TestNode.start()) {
      App wrong = TestNode.APP.withKey("nobodys-key");
      Report report = Examination.of(url(node), wrong);
      Outcome.Failed failed = failedAt(report, Step.HANDSHAKE, "refused with 4001");
      assertThat(failed.remedy()).startsWith("No app has the key nobodys-key.");
      assertThat(failed.byProxy()).isFalse();
    }
  }

  @Test
  void aWrongSecretIsTold() throws IOException {
    try (TestNode node = TestNode.start()) {
      Report report = Examination.of(url(node), TestNode.APP.withSecret(OTHER.secret()));
      failedAt(report, Step.PRIVATE, "the server refuses signatures made with this secret");
      assertThat(report.outcome(Step.PUBLISH).finding()).contains("so the secret is wrong");
      String all = ReportJson.of(report, null) + new ReportText(true, true).of(report);
      assertThat(all)
          .doesNotContain("other-secret", TestNode.APP.secret().reveal())
          .doesNotContainPattern("[0-9a-f]{64}");
    }
  }

  @Test
  void aWrongIdIsTold() throws IOException {
    try (TestNode node = TestNode.start(TestNode.APP, OTHER)) {
      Report unknown = Examination.of(url(node), TestNode.APP.withId("9"));
      failedAt(unknown, Step.PUBLISH, "404: no app has the id 9");
      Report foreign = Examination.of(url(node), TestNode.APP.withId("77"));
      failedAt(foreign, Step.PUBLISH, "401: the key 278d425bdf160c739803 is not that of app 77");
    }
  }

  @Test
  void aWrongOriginIsTold() throws IOException {
    App strict =
        TestNode.APP.withOptions(
            TestNode.APP.options().withAllowedOrigins(List.of("good.example")));
    try (TestNode node = TestNode.start(strict)) {
      DoctorOptions options = Examination.options(url(node), strict);
      Report report = Examination.of(options.withOrigin("https://bad.example"));
      Outcome.Failed failed = failedAt(report, Step.HANDSHAKE, "refused with 4009");
      assertThat(failed.remedy()).contains("allowed_origins");
      assertWell(Examination.of(options.withOrigin("https://good.example")));
    }
  }

  @Test
  void aDisabledAppAndASmallLimitAreTold() throws IOException {
    App disabled = TestNode.APP.withOptions(TestNode.APP.options().withEnabled(false));
    try (TestNode node = TestNode.start(disabled)) {
      Report report = Examination.of(url(node), disabled);
      failedAt(report, Step.HANDSHAKE, "refused with 4003");
      assertThat(report.outcome(Step.PUBLISH).finding()).isEqualTo("403: the app is switched off");
    }
    App small = TestNode.APP.withLimits(TestNode.APP.limits().withMaxEventBytes(100));
    try (TestNode node = TestNode.start(small)) {
      Report report = Examination.of(url(node), small);
      assertThat(report.isGood()).isTrue();
      assertThat(report.outcome(Step.LARGE)).isInstanceOf(Outcome.Warned.class);
      assertThat(report.outcome(Step.LARGE).finding()).contains("max_event_bytes");
    }
  }

  @Test
  void aServerThatIsNotReadyIsReported() throws IOException {
    try (TestNode node = TestNode.start()) {
      // no other cause, since housekeeping ends those that do not apply
      node.server().readiness().refuse(Readiness.Cause.SHUTDOWN, "The server is shutting down");
      Report report = Examination.of(url(node), TestNode.APP);
      assertThat(report.outcome(Step.HTTP).finding())
          .endsWith("refuses new connections: \"The server is shutting down\"");
      failedAt(report, Step.HANDSHAKE, "refused with 4100: \"The server is shutting down\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-700, Failed, 's behind this machine'",
    "700, Failed, 's ahead of this machine'",
    "-90, Warned, 's behind this machine'",
    "5, Passed, 's ahead of this machine'"
  })
  void aClockThatIsOffIsTold(int seconds, String kind, String finding) throws IOException {
    InstantSource off = () -> InstantSource.system().instant().plusSeconds(seconds);
    try (TestNode node =
        TestNode.start(new FanfareServer.Clocks(NanoClock.SYSTEM, off), TestNode.APP)) {
      Outcome outcome = Examination.of(url(node), TestNode.APP).outcome(Step.CLOCK);
      assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
      assertThat(outcome.finding()).contains(finding);
    }
  }

  @Test
  void aNameThatIsNotKnownIsTold() throws IOException {
    Report report = Examination.of("ws://nobody.invalid:6001", TestNode.APP);
    failedAt(report, Step.DNS, "the name nobody.invalid is not known here");
  }

  @Test
  void aClosedPortIsTold() throws IOException {
    int port = ProxyProcess.freePort();
    Report report = Examination.of("ws://127.0.0.1:" + port, TestNode.APP);
    Outcome.Failed failed = failedAt(report, Step.TCP, "127.0.0.1 port " + port + ": refused");
    assertThat(failed.remedy()).contains("nothing listens on port " + port);
  }

  @Test
  void someoneWhoSaysNothingIsTold() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String place = "127.0.0.1:" + silent.getLocalPort();
      for (String url : List.of("ws://" + place, "wss://" + place)) {
        Report report = Examination.of(Examination.impatient(url, TestNode.APP));
        failedAt(report, Step.TLS, "the connection is accepted, but the server sends nothing");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'SSH-2.0-OpenSSH_9.2', 'speaks no HTTP'",
    "'\u0015\u0003\u0003', 'speaks TLS, but the URL says ws'",
    "'\u0000\u0000\u0012\u0004', 'speaks HTTP/2 only'"
  })
  void someoneWhoSpeaksSomethingElseIsTold(String words, String finding) throws IOException {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var _ = Thread.ofVirtual().start(() -> greet(other, words + "\r\n"));
      Report report = Examination.of("ws://127.0.0.1:" + other.getLocalPort(), TestNode.APP);
      failedAt(report, Step.TLS, finding);
    }
  }

  /// Says the same to everybody until it is closed.
  private static void greet(ServerSocket listener, String words) {
    try {
      while (true) {
        try (Socket socket = listener.accept()) {
          socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
          socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  /// 101 for everything, with somebody else's proof.
  @Test
  void aWrongAcceptIsTold() throws IOException {
    String answer =
        """
        HTTP/1.1 101 Switching Protocols
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

        """;
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var _ = Thread.ofVirtual().start(() -> greet(other, answer));
      DoctorOptions options =
          Examination.impatient("ws://127.0.0.1:" + other.getLocalPort(), TestNode.APP);
      failedAt(Examination.of(options), Step.UPGRADE, "101, but with a wrong Sec-WebSocket-Accept");
    }
  }

  /// Says OK to whoever asks how it is, knows nothing else, and tells the time in a header.
  @Test
  void anotherServerIsTold() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/live",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'O', 'K'});
          exchange.close();
        });
    other.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    other.start();
    try {
      Report report =
          Examination.of("ws://127.0.0.1:" + other.getAddress().getPort(), TestNode.APP);
      assertThat(report.outcome(Step.HTTP).finding())
          .isEqualTo("a server answers, perhaps another one than Fanfare");
      failedAt(report, Step.UPGRADE, "404, and not by Fanfare");
      assertThat(report.outcome(Step.CLOCK).finding())
          .isEqualTo("the clocks agree to a second, by the Date header, which may be a proxy's");
      assertThat(report.outcome(Step.PUBLISH).finding()).startsWith("404, and not by Fanfare");
    } finally {
      other.stop(0);
    }
  }
}
