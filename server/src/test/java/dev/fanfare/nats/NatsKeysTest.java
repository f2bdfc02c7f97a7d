package dev.fanfare.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.bus.RequestKeys;
import dev.fanfare.http.once.RequestKeysContract;
import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.NatsProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Idempotency keys in the JetStream of a real NATS.
final class NatsKeysTest extends RequestKeysContract {

  private static final byte[] ONE = "one".getBytes(UTF_8);

  @TempDir private Path folder;

  private NatsProcess nats;

  @BeforeEach
  void start() throws IOException {
    nats = NatsProcess.start(folder, "-js", "-sd", folder.resolve("store").toString());
  }

  @AfterEach
  void stop() {
    nats.close();
  }

  private static RequestKeys keys(String url, String cluster) {
    return new NatsKeys(NatsStreamsTest.options(url, cluster));
  }

  private String url() {
    return "nats://127.0.0.1:" + nats.port();
  }

  @Override
  protected RequestKeys keys(String cluster) {
    return keys(url(), cluster);
  }

  private static boolean isUsable(RequestKeys keys) throws Exception {
    try {
      var _ =
          keys.claim("1", "order-9", ONE, LONG_MS)
              .toCompletableFuture()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      return false;
    }
  }

  @Test
  void theBucketForgetsThem() throws Exception {
    RequestKeys a = node("house");
    assertThat(result(a.claim("1", "order:1", ONE, LONG_MS))).isNull();
    Connection connection = Nats.connect(url());
    try {
      StreamConfiguration bucket =
          connection
              .jetStreamManagement()
              .getStreamInfo("KV_fanfare_house_keys")
              .getConfiguration();
      assertThat(bucket.getMaxAge()).isEqualTo(Duration.ofMinutes(6));
      assertThat(bucket.getMaxMsgsPerSubject()).isEqualTo(1);
      assertThat(connection.jetStreamManagement().getStreamNames())
          .as("history is not needed")
          .containsExactly("KV_fanfare_house_keys");
      assertThat(
              connection
                  .jetStreamManagement()
                  .getLastMessage("KV_fanfare_house_keys", "$KV.fanfare_house_keys.1.order_3a1")
                  .getData())
          .endsWith(ONE);
    } finally {
      connection.close();
    }
  }

  /// What was answered is known after `kill -9`.
  @Test
  void aKilledEngineForgetsNothing() throws Exception {
    RequestKeys a = node("house");
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
    assertThat(result(a.settle("1", "order-1", ONE, "D".getBytes(UTF_8), LONG_MS))).isTrue();
    nats.process().kill();
    await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !isUsable(a));
    nats.process().restart();
    await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(a));
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isEqualTo("D".getBytes(UTF_8));
  }

  @Test
  void aBucketThatWasDeletedIsMadeAgain() throws Exception {
    RequestKeys a = node("house");
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
    Connection connection = Nats.connect(url());
    try {
      boolean _ = connection.jetStreamManagement().deleteStream("KV_fanfare_house_keys");
    } finally {
      connection.close();
    }
    await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(a));
    assertThat(result(a.claim("1", "order-1", "two".getBytes(UTF_8), LONG_MS))).isNull();
  }

  /// Starts one with what the documentation says about history, changed.
  private NatsProcess startWithRights(String from, String to) throws Exception {
    String shown = MarkdownPage.read("docs/cluster.md").code("", "$JS.API");
    Path file = Files.createTempFile(folder, "nats", ".conf");
    Files.writeString(file, shown.replace("CHANGE-ME", "rights-password").replace(from, to));
    String store = folder.resolve("store-of-rights").toString();
    return NatsProcess.start(folder, "-c", file.toString(), "-js", "-sd", store);
  }

  private static String url(NatsProcess one) {
    return "nats://fanfare:rights-password@127.0.0.1:" + one.port();
  }

  @Test
  void aUserNeedsOnlyTheRightsOfTheDocumentation() throws Exception {
    try (NatsProcess one = startWithRights("", "");
        RequestKeys a = keys(url(one), "house")) {
      open(a);
      assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
      assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isEqualTo(ONE);
      assertThat(result(a.settle("1", "order-1", ONE, ONE, LONG_MS))).isTrue();
      assertThat(result(a.abandon("1", "order-1", ONE))).isTrue();
    }
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    try (NatsProcess one = startWithRights("$JS.API.STREAM.*.KV_fanfare_house_keys", "x");
        NatsProcess plain = NatsProcess.start(folder);
        RequestKeys a = keys(url(one), "house");
        RequestKeys b = keys("nats://127.0.0.1:" + plain.port(), "house")) {
      for (RequestKeys each : List.of(a, b)) {
        open(each);
        assertThat(each.claim("1", "order-1", ONE, LONG_MS).toCompletableFuture())
            .failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .withThrowableThat()
            .withMessageMatching("(?is).*(permissions violation|has no JetStream).*");
      }
    }
  }
}
