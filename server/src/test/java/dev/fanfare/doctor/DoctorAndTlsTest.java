package dev.fanfare.doctor;

import static dev.fanfare.doctor.Examination.assertWell;
import static dev.fanfare.doctor.Examination.failedAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.ProxyBlock;
import dev.fanfare.doctor.report.ProxyKind;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS by a real nginx, set up as the doctor says, with good certificates and bad ones.
final class DoctorAndTlsTest {

  private static final String LOCALHOST = "san=dns:localhost";

  @TempDir Path folder;

  private final TestNode node = TestNode.start();

  @AfterEach
  void stop() {
    node.close();
  }

  /// The printed block, with these files instead of those it names.
  private ProxyProcess nginx(Path certificate, Path key) throws IOException {
    int port = FreePort.number();
    Site site = new Site(true, "localhost", port, "");
    String block =
        new ProxyBlock(site, "127.0.0.1:" + node.port(), 120)
            .text(ProxyKind.NGINX)
            .replace("/etc/letsencrypt/live/localhost/fullchain.pem", certificate.toString())
            .replace("/etc/letsencrypt/live/localhost/privkey.pem", key.toString());
    return ProxyProcess.nginx(folder, port, block);
  }

  private static DoctorOptions options(ProxyProcess proxy) {
    return Examination.options("wss://localhost:" + proxy.port(), TestNode.APP);
  }

  private TestCertificates chain() throws IOException {
    return new TestCertificates(folder)
        .make("root", "-ext", "bc:c")
        .make("middle", "-signer", "root", "-ext", "bc:c")
        .make("leaf", "-signer", "middle", "-ext", LOCALHOST);
  }

  @Test
  void aCompleteChainPasses() throws IOException {
    TestCertificates made = chain();
    try (ProxyProcess proxy = nginx(made.pem("leaf", "middle"), made.key("leaf"))) {
      DoctorOptions options = options(proxy).withCa(made.pem("root")).withIdleSeconds(2);
      Report report = Examination.of(options);
      assertWell(report);
      assertThat(report.outcome(Step.TLS).finding())
          .startsWith("TLSv1.3, 2 certificates, valid for localhost and for another 8");
      assertThat(report.outcome(Step.IDLE)).isInstanceOf(Outcome.Passed.class);
    }
  }

  @Test
  void aMissingIntermediateIsReported() throws IOException {
    TestCertificates made = chain();
    try (ProxyProcess proxy = nginx(made.pem("leaf"), made.key("leaf"))) {
      DoctorOptions options = options(proxy).withCa(made.pem("root"));
      Outcome.Failed failed =
          failedAt(Examination.of(options), Step.TLS, "an intermediate certificate is missing");
      assertThat(failed.remedy()).contains("fullchain.pem");
    }
  }

  @Test
  void aSelfSignedCertificateIsReportedUnlessAccepted() throws IOException {
    TestCertificates made =
        new TestCertificates(folder).make("self", "-ext", LOCALHOST, "-validity", "90");
    try (ProxyProcess proxy = nginx(made.pem("self"), made.key("self"))) {
      Report report = Examination.of(options(proxy));
      failedAt(report, Step.TLS, "self-signed");
      assertThat(report.outcome(Step.PUBLISH).finding()).isEqualTo("skipped, because TLS failed");
      Report insecure = Examination.of(options(proxy).withInsecure(true));
      assertThat(insecure.isGood()).isTrue();
      assertThat(insecure.outcome(Step.TLS).finding())
          .endsWith("clients do not trust it (accepted because of --insecure)");
      assertWell(Examination.of(options(proxy).withCa(made.pem("self"))));
    }
  }

  @Test
  void anExpiredCertificateIsReported() throws IOException {
    TestCertificates made =
        new TestCertificates(folder)
            .make("old", "-ext", LOCALHOST, "-startdate", "-10d", "-validity", "5");
    try (ProxyProcess proxy = nginx(made.pem("old"), made.key("old"))) {
      DoctorOptions options = options(proxy).withCa(made.pem("old"));
      failedAt(Examination.of(options), Step.TLS, "the certificate has expired at ");
    }
  }

  @Test
  void aCertificateThatExpiresSoonIsReported() throws IOException {
    TestCertificates made =
        new TestCertificates(folder).make("soon", "-ext", LOCALHOST, "-validity", "5");
    try (ProxyProcess proxy = nginx(made.pem("soon"), made.key("soon"))) {
      Report report = Examination.of(options(proxy).withCa(made.pem("soon")));
      assertThat(report.isGood()).isTrue();
      assertThat(report.outcome(Step.TLS)).isInstanceOf(Outcome.Warned.class);
      assertThat(report.outcome(Step.TLS).finding()).endsWith("in 4 days");
    }
  }

  @Test
  void aCertificateForAnotherNameIsReported() throws IOException {
    TestCertificates made =
        new TestCertificates(folder).make("other", "-ext", "san=dns:*.example.com,ip:192.0.2.1");
    try (ProxyProcess proxy = nginx(made.pem("other"), made.key("other"))) {
      DoctorOptions options = options(proxy).withCa(made.pem("other"));
      failedAt(
          Examination.of(options),
          Step.TLS,
          "the certificate is for *.example.com, 192.0.2.1, not for localhost");
      assertWell(Examination.of(options.withHostHeader("push.example.com")));
    }
  }

  @Test
  void aWrongSchemeIsReported() throws IOException {
    TestCertificates made = new TestCertificates(folder).make("self", "-ext", LOCALHOST);
    try (ProxyProcess proxy = nginx(made.pem("self"), made.key("self"))) {
      Report plain = Examination.of("ws://localhost:" + proxy.port(), TestNode.APP);
      failedAt(plain, Step.TLS, "uses TLS, but the URL says ws");
    }
    Report encrypted = Examination.of("wss://localhost:" + node.port(), TestNode.APP);
    failedAt(encrypted, Step.TLS, "does not use TLS, but the URL says wss");
  }
}
