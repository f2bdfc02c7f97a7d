package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.address.Network;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The metrics of a node itself: whether it is ready, its certificate, and what it refuses before
/// it knows the app.
final class NodeMetricsTest {

  private static final MetricsOptions ON = MetricsOptions.DEFAULTS;

  private final TestNode node = TestNode.start(ON, TestNode.APP);

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void readinessIsExposedByCause() throws IOException {
    node.server().readiness().refuse(Cause.FILES, "No files are left");
    Scrape unready = Scrape.of(node);
    assertThat(unready.value("fanfare_ready")).isZero();
    assertThat(unready.value("fanfare_unready{cause=\"files\"}")).isEqualTo(1);
    assertThat(unready.value("fanfare_unready{cause=\"lag\"}")).isZero();
    node.server().readiness().allow(Cause.FILES);
    assertThat(Scrape.of(node).value("fanfare_ready")).isEqualTo(1);
  }

  @Test
  void aDrainIsVisible() throws IOException {
    TestNode ending = TestNode.start(ON, TestNode.APP);
    try (RawSocket first = ending.connect();
        RawSocket last = ending.connect()) {
      assertThat(Scrape.of(ending).value("fanfare_draining")).isZero();
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(() -> ending.server().close(new DrainOptions(1, 3_600, 0)));
      await().until(() -> Scrape.of(ending).value("fanfare_draining") == 1);
      assertThat(Scrape.of(ending).value("fanfare_unready{cause=\"shutdown\"}")).isEqualTo(1);
      first.nextClose();
      last.nextClose();
      end.join();
    }
  }

  @Test
  void theExpiryOfTheCertificateIsExposed(@TempDir Path folder) throws IOException {
    String name = "fanfare_tls_certificate_expiry_timestamp_seconds";
    assertThat(Scrape.of(node).value(name)).isNaN();
    TlsOptions tls = Authority.in(folder).issue("node").options("node");
    PartOptions options =
        TestNode.PARTS.withServer(TestNode.options(0).withTls(tls)).withMetrics(ON.withPort(0));
    try (TestNode encrypted =
        TestNode.start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, TestNode.APP)) {
      double inDays = (Scrape.of(encrypted).value(name) - Instant.now().getEpochSecond()) / 86_400;
      assertThat(inDays).isBetween(58.0, 59.1);
      assertThat(Scrape.of(encrypted).value("fanfare_tls_engine{engine=\"openssl\"}")).isEqualTo(1);
      assertThat(Scrape.of(encrypted).value("fanfare_tls_engine{engine=\"jdk\"}")).isZero();
    }
  }

  @Test
  void socketsWithoutARequestAreCounted() throws IOException {
    ServerOptions behindProxy =
        TestNode.options(0)
            .withTrustedProxies(List.of(Objects.requireNonNull(Network.parse("10.0.0.0/8"))))
            .withProxyProtocol(ServerOptions.ProxyProtocol.REQUIRED);
    PartOptions options = new PartOptions(behindProxy, WebhookOptions.DEFAULTS, ON.withPort(0));
    try (TestNode guarded =
            TestNode.start(
                options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, TestNode.APP);
        RawHttp foreign = new RawHttp(guarded.port())) {
      foreign.send(RawHttp.request("GET", "/live", ""));
      assertThat(foreign.isEnded()).isTrue();
      assertThat(Scrape.of(guarded).value("fanfare_sockets_refused_total")).isEqualTo(1);
    }
  }
}
