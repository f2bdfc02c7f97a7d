package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RunningServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// More sockets at once than the process may have open files: those above the limit get 4100, and
/// the HTTP API, health checks and metrics keep answering.
@Tag("one-node")
final class FileLimitTest {

  /// More than twice as many as the process has open by itself: the jars of the tests' class path,
  /// above all.
  private static final int MAX_FILES = 384;

  private static final int CROWD = 528;
  private static final int LIFE_SECONDS = 120;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "open-file-secret";
  private static final App APP =
      new App("1", "open-file-key", new Secret(SECRET), AppOptions.DEFAULTS, Limits.HOSTED);

  private final List<RawSocket> crowd = new CopyOnWriteArrayList<>();
  private RunningServer server;
  private int port;
  private int metricsPort;

  @TempDir private static Path folder;
  private static Authority authority;

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(folder).issue("ec");
  }

  @BeforeEach
  void start() throws IOException {
    server =
        RunningServer.startLimited(
            MAX_FILES,
            LIFE_SECONDS,
            Map.of(
                "FANFARE_APPS",
                APP.key() + ":" + SECRET + "@" + APP.id(),
                "FANFARE_LANES",
                "2",
                "FANFARE_TLS_CERTIFICATE",
                authority.options("ec").certificate(),
                "FANFARE_TLS_KEY",
                authority.options("ec").key(),
                "FANFARE_TRUSTED_PROXIES",
                "127.0.0.1",
                "FANFARE_PROXY_PROTOCOL",
                "optional"));
    port = server.port();
    metricsPort = server.metricsPort();
  }

  @AfterEach
  void stop() throws IOException {
    leave();
    server.close();
    assertThat(server.output())
        .noneMatch(line -> line.startsWith("\tat ") || line.contains(" ERROR "));
  }

  @Test
  void clientsAboveTheFileLimitGet4100AndTheApiAnswers() throws IOException {
    for (int i = 0; i < CROWD; i++) {
      knock().sendHandshake("/app/" + APP.key() + "?protocol=7");
    }
    List<String> refusals = new ArrayList<>();
    for (RawSocket client : crowd) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      String first = client.nextText();
      if (!first.contains("connection_established")) {
        assertThat(first).contains("\"code\":4100");
        RawSocket.Frame close = client.nextClose();
        assertThat(close.closeCode()).isEqualTo(4100);
        refusals.add(close.closeReason());
      }
    }
    assertThat(refusals.size()).isBetween(CROWD - MAX_FILES + 64, CROWD - 1);
    assertThat(refusals)
        .as("on a busy machine some are refused because a lane is late")
        .anyMatch(reason ->
            reason.matches(
                "The server has reached its open-file limit: \\d+ connections,"
                    + " \\d+ other files, 64 of 384 kept free \\(nofile\\)"));
    assertThat(status(port, "/live")).isEqualTo(200);
    assertThat(publish()).isEqualTo(200);
    assertThat(status(metricsPort, "/metrics")).isEqualTo(200);

    leave();
    untilWelcome();
  }

  /// Every socket that the server closes is replaced by another one, for a bounded number.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "160301",
        "16030102000100",
        "50524f5859205443503420",
        "474554202f6c697665",
        "504f5354202f61707073"
      })
  void unfinishedSocketsGiveWayToRequests(String firstBytes) throws Exception {
    String start = new String(HexFormat.of().parseHex(firstBytes), StandardCharsets.ISO_8859_1);
    for (int i = 0; i < CROWD; i++) {
      knock().send(start);
    }
    AtomicInteger replaced = new AtomicInteger();
    Thread attacker = Thread.startVirtualThread(() -> replace(start, replaced));
    for (int round = 0; round < 3; round++) {
      assertThat(publish()).isEqualTo(200);
      assertThat(status(port, "/live")).isEqualTo(200);
      assertThat(status(port, "/ready")).as("503 only if a lane is late").isIn(200, 503);
      assertThat(status(metricsPort, "/metrics")).isEqualTo(200);
    }
    try (RawSocket client = new RawSocket(port)) {
      client.patience(PATIENCE);
      client.sendHandshake("/app/" + APP.key() + "?protocol=7");
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(client.nextText()).containsAnyOf("connection_established", "\"code\":4100");
    }
    attacker.join();
    assertThat(replaced).as("sockets that were closed to make room").hasPositiveValue();
    untilWelcome();
  }

  /// Waits for each socket of the crowd to be closed, oldest first, and opens another one.
  private void replace(String start, AtomicInteger replaced) {
    for (RawSocket closed : List.copyOf(crowd)) {
      try {
        if (!closed.isEnded()) {
          return;
        }
        knock().send(start);
        replaced.incrementAndGet();
      } catch (IOException e) {
        return;
      }
    }
  }

  private RawSocket knock() throws IOException {
    RawSocket client = new RawSocket(port);
    client.patience(PATIENCE);
    crowd.add(client);
    return client;
  }

  private void leave() throws IOException {
    for (RawSocket client : crowd) {
      client.close();
    }
    crowd.clear();
  }

  /// The server looks once a second at what makes it unready, such as a late lane.
  private void untilWelcome() {
    await("welcome again").atMost(PATIENCE).until(this::isWelcome);
  }

  private boolean isWelcome() {
    try (RawSocket _ = RawSocket.established(port, APP.key())) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private int publish() throws IOException {
    String body = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\"}";
    return answer(port, RawHttp.signed(APP, "POST", "/events", body, "Connection: close"));
  }

  private static int status(int port, String path) throws IOException {
    return answer(port, RawHttp.request("GET", path, "", "Connection: close"));
  }

  private static int answer(int port, String request) throws IOException {
    try (RawHttp http = new RawHttp(port, PATIENCE)) {
      return http.send(request).nextHead().status();
    }
  }
}
