package dev.fanfare.doctor;

import static dev.fanfare.doctor.Examination.assertWell;
import static dev.fanfare.doctor.Examination.failedAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.doctor.report.ProxyBlock;
import dev.fanfare.doctor.report.ProxyKind;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The printed configurations work when pasted: nginx in a separate test, Apache and Caddy here.
/// Traefik is in no Debian package, so its block is only parsed.
final class ProxyBlockTest {

  private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");
  private static final Site EXAMPLE = new Site(true, "push.example.com", 443, "");

  @TempDir Path folder;

  private static String block(ProxyKind kind, int port, String prefix, TestNode node) {
    Site site = new Site(false, "localhost", port, prefix);
    return new ProxyBlock(site, "127.0.0.1:" + node.port(), 120).text(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/ws"})
  void apacheWorks(String prefix) throws IOException {
    int port = FreePort.number();
    try (TestNode node = TestNode.start();
        ProxyProcess _ =
            ProxyProcess.apache(folder, port, block(ProxyKind.APACHE, port, prefix, node))) {
      Report report = Examination.of("ws://localhost:" + port + prefix, TestNode.APP);
      assertWell(report);
      assertThat(report.proxy()).isEqualTo(ProxyKind.APACHE);
    }
  }

  @Test
  void apacheWithoutUpgradesIsReported() throws IOException {
    int port = FreePort.number();
    try (TestNode node = TestNode.start();
        ProxyProcess _ =
            ProxyProcess.apache(
                folder,
                port,
                block(ProxyKind.APACHE, port, "", node).replace("upgrade=websocket", ""))) {
      Report report = Examination.of("ws://localhost:" + port, TestNode.APP);
      failedAt(report, Step.UPGRADE, "the headers Upgrade and Connection did not arrive");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/ws"})
  void caddyWorks(String prefix) throws IOException {
    int port = FreePort.number();
    try (TestNode node = TestNode.start();
        ProxyProcess _ =
            ProxyProcess.caddy(folder, port, block(ProxyKind.CADDY, port, prefix, node))) {
      Report report = Examination.of("ws://localhost:" + port + prefix, TestNode.APP);
      assertWell(report);
      assertThat(report.proxy()).isEqualTo(ProxyKind.CADDY);
    }
  }

  @Test
  void traefikIsGoodYaml() {
    Site site = new Site(true, "push.example.com", 443, "/ws");
    String text = new ProxyBlock(site, "10.0.0.1:6001", 120).text(ProxyKind.TRAEFIK);
    Load load = new Load(LoadSettings.builder().build());
    Map<String, Map<String, Object>> http = cast(load.loadFromString(text), "http");
    assertThat(http.get("routers"))
        .isEqualTo(
            Map.of(
                "fanfare",
                Map.of(
                    "rule", "Host(`push.example.com`) && PathPrefix(`/ws`)",
                    "entryPoints", List.of("fanfare"),
                    "service", "fanfare",
                    "middlewares", List.of("fanfare-prefix"),
                    "tls", Map.of())));
    assertThat(http.get("middlewares"))
        .isEqualTo(
            Map.of("fanfare-prefix", Map.of("stripPrefix", Map.of("prefixes", List.of("/ws")))));
    assertThat(String.valueOf(http.get("services"))).contains("url=http://10.0.0.1:6001");
    String plain = new ProxyBlock(EXAMPLE, "10.0.0.1:6001", 120).text(ProxyKind.TRAEFIK);
    assertThat(cast(load.loadFromString(plain), "http")).containsOnlyKeys("routers", "services");
  }

  @SuppressWarnings("unchecked") // fails in the test if it is something else
  private static Map<String, Map<String, Object>> cast(Object yaml, String key) {
    return Objects.requireNonNull(((Map<String, Map<String, Map<String, Object>>>) yaml).get(key));
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void bracketsAreBalancedAndNothingIsMissing(ProxyKind kind) {
    for (boolean tls : new boolean[] {true, false}) {
      String text = new ProxyBlock(new Site(tls, "::1", 8080, "/a"), "h:1", 30).text(kind);
      assertThat(text.chars().filter(c -> c == '{').count())
          .isEqualTo(text.chars().filter(c -> c == '}').count());
      assertThat(text).contains("h:1", "8080").doesNotContain("null", "%");
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyKind.class)
  void theManualHasTheSameBlocks(ProxyKind kind) throws IOException {
    String text = new ProxyBlock(EXAMPLE, "127.0.0.1:6001", 120).text(kind);
    assertThat(Files.readString(OPERATIONS))
        .as("as `fanfare doctor --url wss://push.example.com --print-proxy %s` prints it", kind)
        .contains("\n" + text + "```\n");
  }
}
