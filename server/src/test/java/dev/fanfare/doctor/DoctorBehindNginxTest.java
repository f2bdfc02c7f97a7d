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
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real nginx in front of a real server: first as the doctor says, then with everything that
/// people get wrong.
final class DoctorBehindNginxTest {

  private static final String UPGRADES =
      """
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      """;

  @TempDir Path folder;

  private static TestNode node(int activitySeconds, String prefix) {
    return TestNode.start(
        TestNode.options(0).withActivityTimeoutSeconds(activitySeconds).withPathPrefix(prefix),
        FanfareServer.Clocks.SYSTEM,
        ServerListener.NONE,
        TestNode.APP);
  }

  private static String url(ProxyProcess proxy, String prefix) {
    return "ws://localhost:" + proxy.port() + prefix;
  }

  /// nginx with one server and these directives in it.
  private ProxyProcess nginx(String server) throws IOException {
    int port = FreePort.number();
    return ProxyProcess.nginx(
        folder, port, "server { listen 127.0.0.1:" + port + ";\n" + server + "\n}\n");
  }

  /// nginx with a location for everything, whose upstream may have a path.
  private ProxyProcess passing(TestNode node, String path, String directives) throws IOException {
    String pass = "proxy_pass http://127.0.0.1:" + node.port() + path + ";\n";
    return nginx("location / { " + pass + directives + " }");
  }

  private ProxyProcess printed(TestNode node, String prefix) throws IOException {
    int port = FreePort.number();
    Site site = new Site(false, "localhost", port, prefix);
    ProxyBlock block = new ProxyBlock(site, "127.0.0.1:" + node.port(), 120);
    return ProxyProcess.nginx(folder, port, block.text(ProxyKind.NGINX));
  }

  @Test
  void thePrintedBlockWorks() throws IOException {
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = printed(node, "")) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      assertWell(report);
      assertThat(report.proxy()).isEqualTo(ProxyKind.NGINX);
      assertThat(report.outcome(Step.HTTP).finding()).contains("Fanfare responds, behind nginx");
    }
  }

  @Test
  void thePrintedBlockWorksBelowAPrefix() throws IOException {
    try (TestNode unaware = TestNode.start();
        ProxyProcess proxy = printed(unaware, "/ws")) {
      assertWell(Examination.of(url(proxy, "/ws"), TestNode.APP));
    }
    try (TestNode aware = node(120, "/ws");
        ProxyProcess proxy = printed(aware, "/ws")) {
      assertWell(Examination.of(url(proxy, "/ws/"), TestNode.APP));
    }
  }

  @Test
  void droppedUpgradeHeadersAreReported() throws IOException {
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = passing(node, "", "")) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      Outcome.Failed failed =
          failedAt(report, Step.UPGRADE, "headers Upgrade and Connection did not arrive");
      assertThat(failed.byProxy()).isTrue();
      assertThat(report.outcome(Step.PUBLISH)).isInstanceOf(Outcome.Passed.class);
    }
  }

  @Test
  void aDroppedConnectionHeaderIsReported() throws IOException {
    String upgrade = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;";
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = passing(node, "", upgrade)) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      failedAt(report, Step.UPGRADE, "400: the headers Upgrade and Connection did not arrive");
    }
  }

  /// RFC 6455 requires HTTP/1.1; nginx uses 1.0 unless it is configured otherwise.
  @Test
  void anUpgradeOverHttp10IsExplained() throws IOException {
    String old = UPGRADES.replace("1.1", "1.0");
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = passing(node, "", old)) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      Outcome.Failed failed =
          failedAt(report, Step.UPGRADE, "400: the handshake arrives at the server over HTTP/1.0");
      assertThat(failed.byProxy()).isTrue();
    }
  }

  @Test
  void aChangedPathIsReported() throws IOException {
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = passing(node, "/other/", UPGRADES)) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      failedAt(report, Step.HTTP, "the proxy changes the path: /fanfare-doctor arrives as");
      assertThat(report.outcome(Step.PUBLISH).finding())
          .contains("/apps/1234/events arrives as \"/other/apps/1234/events\"");
    }
  }

  @Test
  void anUnknownPrefixIsReported() throws IOException {
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = passing(node, "", UPGRADES)) {
      Report report = Examination.of(url(proxy, "/ws"), TestNode.APP);
      Outcome.Failed failed = failedAt(report, Step.HTTP, "the prefix /ws arrives at the server");
      assertThat(failed.remedy()).contains("path_prefix: /ws");
    }
  }

  @Test
  void aProxyThatForwardsOnlySocketsIsReported() throws IOException {
    try (TestNode node = TestNode.start();
        ProxyProcess proxy =
            nginx(
                "location /app/ { proxy_pass http://127.0.0.1:"
                    + node.port()
                    + ";"
                    + UPGRADES
                    + "}")) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      assertThat(report.outcome(Step.HTTP)).isInstanceOf(Outcome.Warned.class);
      failedAt(report, Step.PUBLISH, "the path /apps leads elsewhere");
    }
  }

  @Test
  void aShortTimeoutIsReported() throws IOException {
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = passing(node, "", UPGRADES + "proxy_read_timeout 2s;")) {
      DoctorOptions options = Examination.options(url(proxy, ""), TestNode.APP);
      Outcome.Failed failed =
          failedAt(
              Examination.of(options.withIdleSeconds(4)),
              Step.IDLE,
              "an idle connection is closed after 2 s");
      assertThat(failed.remedy())
          .contains("proxy_read_timeout 150s;", "activity_timeout_seconds: 1.");
    }
  }

  /// The other remedy: clients that ping more often are never idle for so long.
  @Test
  void aShortActivityTimeoutAvoidsAShortTimeout() throws IOException {
    try (TestNode node = node(1, "");
        ProxyProcess proxy = passing(node, "", UPGRADES + "proxy_read_timeout 3s;")) {
      DoctorOptions options = Examination.options(url(proxy, ""), TestNode.APP);
      Report report = Examination.of(options.withIdleSeconds(5));
      assertWell(report);
      assertThat(report.outcome(Step.IDLE).finding()).contains("lasts for 5 s");
    }
  }

  @Test
  void aSmallBodyLimitIsReported() throws IOException {
    try (TestNode node = TestNode.start();
        ProxyProcess proxy = passing(node, "", UPGRADES + "client_max_body_size 1k;")) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      Outcome.Failed failed = failedAt(report, Step.LARGE, "413 from the proxy");
      assertThat(failed.remedy()).contains("client_max_body_size");
    }
  }

  @Test
  void aStaticSiteIsReported() throws IOException {
    Files.writeString(folder.resolve("index.html"), "<html><title>Shop</title></html>");
    try (ProxyProcess proxy =
        nginx(
            "root "
                + folder
                + "; types { text/html html; }\n"
                + "location / { try_files $uri /index.html; }")) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      failedAt(report, Step.HTTP, "the response is a web page: \"Shop\"");
      assertThat(report.outcome(Step.UPGRADE).finding()).startsWith("200 instead of 101");
    }
  }

  @Test
  void anUnreachableServerIsReported() throws IOException {
    try (ClosedPort closed = new ClosedPort();
        ProxyProcess proxy =
            nginx("location / { proxy_pass http://127.0.0.1:" + closed.number() + "; }")) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      failedAt(report, Step.HTTP, "502 from the proxy: it cannot reach the server");
      assertThat(report.outcome(Step.UPGRADE)).isInstanceOf(Outcome.Failed.class);
    }
  }

  @Test
  void aRedirectIsReported() throws IOException {
    try (ProxyProcess proxy = nginx("return 301 https://$host$request_uri;")) {
      Report report = Examination.of(url(proxy, ""), TestNode.APP);
      failedAt(report, Step.HTTP, "redirected to \"https://localhost/fanfare-doctor\"");
    }
  }
}
