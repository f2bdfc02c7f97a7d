package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions.Transport;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `host` and `metrics_host`: an IPv4 address listens on IPv4 only, `::` on both, whatever the
/// transport.
@Tag("one-node")
final class ListenAddressTest {

  private static TestNode node(String host, Transport transport) {
    return TestNode.start(
        TestNode.PARTS
            .withServer(TestNode.options(0).withHost(host).withTransport(transport))
            .withMetrics(MetricsOptions.DEFAULTS.withHost(host).withPort(0)),
        FanfareServer.Clocks.SYSTEM,
        ServerListener.NONE,
        TestNode.APP);
  }

  private static int status(String address, int port, String path) throws IOException {
    try (RawHttp http = new RawHttp(new RawSocket(new Socket(address, port)))) {
      return http.send(RawHttp.request("GET", path, "")).next().status();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "IO_URING", "NIO"})
  void anIpv4WildcardListensOnIpv4Only(Transport transport) throws IOException {
    try (TestNode node = node("0.0.0.0", transport)) {
      int metrics = node.server().metricsPort();
      assertThat(status("127.0.0.1", node.port(), "/live")).isEqualTo(200);
      assertThat(status("127.0.0.1", metrics, "/metrics")).isEqualTo(200);
      assertThatThrownBy(() -> status("::1", node.port(), "/live")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> status("::1", metrics, "/metrics")).hasMessageContaining("refused");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "IO_URING", "NIO"})
  void anIpv6WildcardListensOnBoth(Transport transport) throws IOException {
    try (TestNode node = node("::", transport)) {
      for (String address : new String[] {"127.0.0.1", "::1"}) {
        assertThat(status(address, node.port(), "/live")).isEqualTo(200);
        assertThat(status(address, node.server().metricsPort(), "/metrics")).isEqualTo(200);
      }
    }
  }

  @Test
  void anUnknownNameIsReported() {
    assertThatThrownBy(() -> node("unknown.invalid", Transport.AUTO))
        .hasMessageContaining("cannot resolve unknown.invalid (host)");
  }
}
