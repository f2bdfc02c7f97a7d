package dev.fanfare.doctor;

import static dev.fanfare.doctor.Examination.assertWell;
import static dev.fanfare.doctor.Examination.failedAt;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.ReportJson;
import dev.fanfare.doctor.report.ReportText;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.testing.ClosedPort;
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
  void aHealthyServerPasses() throws IOException {
    try (TestNode node = TestNode.start()) {
      Report report = Examination.of(url(node), TestNode.APP);
      assertWell(report);
      assertThat(report.lines().stream().map(Report.Line::step)).containsExactly(Step.values());
      assertThat(report.outcome(Step.FORGERY).finding()).isEqualTo("a wrong signature is rejected");
      assertThat(report.outcome(Step.CLOCK).finding())
          .isEqualTo("the clocks agree to within a second");
      assertThat(report.outcome(Step.IDLE).finding()).contains("try --idle 130");
      assertThat(report.proxy()).isNull();
      assertThat(report.activitySeconds()).isEqualTo(120);
    }
  }

  @Test
  void withoutASecretTheOtherStepsRun() throws IOException {
    try (TestNode node = TestNode.start()) {
      DoctorOptions options = Examination.options(url(node), TestNode.APP);
      AppCredentials known = new AppCredentials(null, TestNode.APP.key(), null);
      Report report = Examination.of(options.withCredentials(known));
      assertThat(report.isGood()).isTrue();
      assertThat(report.outcome(Step.PUBLIC)).isInstanceOf(Outcome.Passed.class);
      assertThat(report.outcome(Step.PRIVATE).finding()).isEqualTo("no secret given");
      assertThat(report.outcome(Step.PUBLISH).finding()).isEqualTo("needs the app's id and secret");
    }
  }

  @Test
  void aWrongKeyIsReported() throws IOException {
    try (TestNode node = TestNode.start()) {
      App wrong = TestNode.APP.withKey("unknown-key");
      Report report = Examination.of(url(node), wrong);
      Outcome.Failed failed = failedAt(report, Step.HANDSHAKE, "refused with 4001");
      assertThat(failed.remedy()).startsWith("No app has the key unknown-key.");
      assertThat(failed.byProxy()).isFalse();
    }
  }

  @Test
  void aWrongSecretIsReported() throws IOException {
    try (TestNode node = TestNode.start()) {
      Report report = Examination.of(url(node), TestNode.APP.withSecret(OTHER.secret()));
      failedAt(report, Step.PRIVATE, "the server rejects signatures made with this secret");
      assertThat(report.outcome(Step.PUBLISH).finding()).contains("the secret is wrong");
      String all = ReportJson.of(report, null) + new ReportText(true, true).of(report);
      assertThat(all)
          .doesNotContain("other-secret", TestNode.APP.secret().reveal())
          .doesNotContainPattern("[0-9a-f]{64}");
    }
  }

  @Test
  void aWrongIdIsReported() throws IOException {
    try (TestNode node = TestNode.start(TestNode.APP, OTHER)) {
      Report unknown = Examination.of(url(node), TestNode.APP.withId("9"));
      failedAt(unknown, Step.PUBLISH, "404: no app has the id 9");
      Report foreign = Examination.of(url(node), TestNode.APP.withId("77"));
      failedAt(
          foreign, Step.PUBLISH, "401: the key 278d425bdf160c739803 does not belong to app 77");
    }
  }

  @Test
  void aWrongOriginIsReported() throws IOException {
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
  void aDisabledAppAndASmallLimitAreReported() throws IOException {
    App disabled = TestNode.APP.withOptions(TestNode.APP.options().withEnabled(false));
    try (TestNode node = TestNode.start(disabled)) {
      Report report = Examination.of(url(node), disabled);
      failedAt(report, Step.HANDSHAKE, "refused with 4003");
      assertThat(report.outcome(Step.PUBLISH).finding()).isEqualTo("403: the app is disabled");
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
  void aWrongClockIsReported(int seconds, String kind, String finding) throws IOException {
    InstantSource off = () -> InstantSource.system().instant().plusSeconds(seconds);
    try (TestNode node =
        TestNode.start(new FanfareServer.Clocks(NanoClock.SYSTEM, off), TestNode.APP)) {
      Outcome outcome = Examination.of(url(node), TestNode.APP).outcome(Step.CLOCK);
      assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
      assertThat(outcome.finding()).contains(finding);
    }
  }

  @Test
  void anUnknownHostNameIsReported() throws IOException {
    Report report = Examination.of("ws://unknown.invalid:6001", TestNode.APP);
    failedAt(report, Step.DNS, "the host name unknown.invalid cannot be resolved here");
  }

  @Test
  void aClosedPortIsReported() throws IOException {
    try (ClosedPort closed = new ClosedPort()) {
      int port = closed.number();
      Report report = Examination.of("ws://127.0.0.1:" + port, TestNode.APP);
      Outcome.Failed failed = failedAt(report, Step.TCP, "127.0.0.1 port " + port + ": refused");
      assertThat(failed.remedy()).contains("nothing listens on port " + port);
    }
  }

  @Test
  void aSilentListenerIsReported() throws IOException {
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
    "'SSH-2.0-OpenSSH_9.2', 'does not speak HTTP'",
    "'\u0015\u0003\u0003', 'uses TLS, but the URL says ws'",
    "'\u0000\u0000\u0012\u0004', 'speaks only HTTP/2'"
  })
  void anotherProtocolIsReported(String words, String finding) throws IOException {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var _ = Thread.ofVirtual().start(() -> greet(other, words + "\r\n"));
      Report report = Examination.of("ws://127.0.0.1:" + other.getLocalPort(), TestNode.APP);
      failedAt(report, Step.TLS, finding);
    }
  }

  /// Sends the same bytes to every client until it is closed.
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

  /// 101 for everything, with the accept value of another key.
  @Test
  void aWrongAcceptIsReported() throws IOException {
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

  /// Responds to `/live` with OK, to everything else with 404, and has a Date header.
  @Test
  void anotherServerIsReported() throws IOException {
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
          .isEqualTo("a server responds, possibly not Fanfare");
      failedAt(report, Step.UPGRADE, "404, not from Fanfare");
      assertThat(report.outcome(Step.CLOCK).finding())
          .isEqualTo(
              "the clocks agree to within a second, according to the Date header, which may be a"
                  + " proxy's");
      assertThat(report.outcome(Step.PUBLISH).finding()).startsWith("404, not from Fanfare");
    } finally {
      other.stop(0);
    }
  }
}
