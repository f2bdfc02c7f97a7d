package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RefusedLog;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// More TLS handshakes than may be in progress: honest clients wait for their turn, and those that
/// never finish give way.
@Tag("one-node")
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
final class TlsFloodTest {

  private static final String LIVE = RawHttp.request("GET", "/live", "");

  @TempDir private static Path folder;
  private static Authority authority;

  @Parameter private TlsOptions.Engine engine = TlsOptions.Engine.AUTO;

  private final RefusedLog refused = new RefusedLog();
  private final ManualClock clock = new ManualClock();

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(folder).issue("ec");
  }

  /// With the engine that is tested.
  private TlsOptions options(String name) {
    return authority.options(name).withEngine(engine);
  }

  private TestNode start(int handshakes) {
    return TestNode.start(
        TestNode.options(0)
            .withLanes(1)
            .withHeadTimeoutSeconds(60)
            .withTls(options("ec").withHandshakes(handshakes)),
        clock.withSystemTime(),
        refused,
        PlainApp.APP);
  }

  private static int live(TestNode node) throws IOException {
    try (SSLSocket socket = authority.connect(node.port(), "TLSv1.3")) {
      return new RawHttp(new RawSocket(socket)).send(LIVE).next().status();
    }
  }

  /// A record of a hello that never ends, and one whose hello does not arrive.
  @ParameterizedTest
  @ValueSource(strings = {"16", "16030102000100"})
  void handshakesThatNeverEndGiveWay(String firstBytes) throws IOException {
    List<RawSocket> flood = new ArrayList<>();
    try (TestNode node = start(2)) {
      for (int i = 0; i < 6; i++) {
        RawSocket socket = new RawSocket(node.port());
        socket.send(HexFormat.of().parseHex(firstBytes));
        flood.add(socket);
      }
      CompletableFuture<Integer> honest = new CompletableFuture<>();
      Thread.startVirtualThread(() -> {
        try {
          honest.complete(live(node));
        } catch (IOException e) {
          honest.completeExceptionally(e);
        }
      });
      await("its turn")
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            clock.advance(Duration.ofSeconds(1));
            return honest.isDone();
          });
      assertThat(honest.join()).isEqualTo(200);
      assertThat(refused.next())
          .endsWith(
              ": TLS: the handshake took more than a second while others waited, the limit is 2"
                  + " handshakes at a time (tls_handshakes)");
      assertThat(flood.getFirst().isEnded()).isTrue();
      assertThat(live(node)).isEqualTo(200);
    } finally {
      for (RawSocket socket : flood) {
        socket.close();
      }
    }
  }

  @Test
  void aWaveOfHonestClientsIsServedInTurn()
      throws InterruptedException, ExecutionException, TimeoutException {
    try (TestNode node = start(1);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(threads.submit(() -> live(node)));
      }
      for (Future<Integer> client : clients) {
        assertThat(client.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      }
      assertThat(refused.isEmpty()).isTrue();
    }
  }

  @Test
  void aWaitingSocketThatClosesLeavesTheQueue() throws IOException {
    try (TestNode node = start(1)) {
      RawSocket running = new RawSocket(node.port());
      running.send(new byte[] {22});
      for (int i = 0; i < 5; i++) {
        try (RawSocket waiting = new RawSocket(node.port())) {
          waiting.send(new byte[] {22});
        }
      }
      running.close();
      assertThat(live(node)).isEqualTo(200);
    }
  }

  @Test
  void onlyAHelloMayArriveBeforeItsTurn() throws IOException {
    try (TestNode node = start(1);
        RawSocket running = new RawSocket(node.port());
        RawSocket waiting = new RawSocket(node.port())) {
      running.send(new byte[] {22});
      byte[] much = new byte[20_000];
      much[0] = 22;
      waiting.send(much);
      assertThat(waiting.isEnded()).isTrue();
      assertThat(refused.next()).endsWith("TLS: more than 16384 bytes before the handshake began");
    }
  }

  /// A resumed session is as old as the first.
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void sessionsAreResumed(String protocol) throws IOException {
    try (TestNode node = start(512)) {
      SSLSocketFactory client = authority.trust().getSocketFactory();
      long first = created(client, node, protocol);
      assertThat(created(client, node, protocol)).isEqualTo(first);
      long other = created(authority.trust().getSocketFactory(), node, protocol);
      assertThat(other).isNotEqualTo(first);
    }
  }

  private static long created(SSLSocketFactory client, TestNode node, String protocol)
      throws IOException {
    try (SSLSocket socket = (SSLSocket) client.createSocket("127.0.0.1", node.port())) {
      socket.setEnabledProtocols(new String[] {protocol});
      RawHttp http = new RawHttp(new RawSocket(socket));
      assertThat(http.send(LIVE).next().status()).isEqualTo(200); // the ticket has arrived
      return socket.getSession().getCreationTime();
    }
  }
}
