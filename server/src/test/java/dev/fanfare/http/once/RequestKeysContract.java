package dev.fanfare.http.once;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.bus.RequestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every engine must do that remembers idempotency keys for all nodes.
public abstract class RequestKeysContract {

  protected static final int PATIENCE_SECONDS = 60;
  protected static final long LONG_MS = 60_000;
  private static final int SEEDS = 5;
  private static final int MAX_RUNS = 20 * SEEDS;
  private static final byte[] ONE = "one".getBytes(UTF_8);
  private static final byte[] TWO = "two".getBytes(UTF_8);
  private static final byte[] DONE = "done {}".getBytes(UTF_8);

  private final List<RequestKeys> opened = new ArrayList<>();

  /// What a node of that cluster uses, which is not open yet. All nodes use the same engine.
  protected abstract RequestKeys keys(String cluster);

  @AfterEach
  final void closeKeys() {
    opened.forEach(RequestKeys::close);
  }

  /// A node that is connected.
  protected final RequestKeys node(String cluster) throws InterruptedException {
    RequestKeys keys = keys(cluster);
    opened.add(keys);
    open(keys);
    return keys;
  }

  /// Connects, and fails if that does not succeed.
  protected static void open(RequestKeys keys) throws InterruptedException {
    CountDownLatch tried = new CountDownLatch(1);
    keys.open(tried::countDown);
    assertThat(tried.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /// What a stage completes with.
  protected static <T extends @Nullable Object> T result(CompletionStage<T> stage)
      throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKeyIsClaimedOnce() throws Exception {
    RequestKeys a = node("house");
    RequestKeys b = node("house");
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
    assertThat(result(b.claim("1", "order-1", TWO, LONG_MS))).isEqualTo(ONE);
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isEqualTo(ONE);
    assertThat(result(b.claim("1", "order-2", TWO, LONG_MS))).isNull();
  }

  @Test
  void keysOfOtherAppsAndClustersAreOtherKeys() throws Exception {
    RequestKeys a = node("house");
    assertThat(result(a.claim("1", "a:b_c.d-e", ONE, LONG_MS))).isNull();
    assertThat(result(a.claim("2", "a:b_c.d-e", TWO, LONG_MS))).isNull();
    assertThat(result(a.claim("1:a", "b_c.d-e", TWO, LONG_MS))).isNull();
    assertThat(result(a.claim("1%3Aa", "b_c.d-e", TWO, LONG_MS))).isNull();
    assertThat(result(a.claim("1{a}", "b_c.d-e", TWO, LONG_MS))).isNull();
    assertThat(result(node("garden").claim("1", "a:b_c.d-e", TWO, LONG_MS))).isNull();
    assertThat(result(a.claim("1", "a:b_c.d-e", TWO, LONG_MS))).isEqualTo(ONE);
    String longest = "k".repeat(128);
    assertThat(result(a.claim("1", longest, ONE, LONG_MS))).isNull();
    assertThat(result(a.claim("1", longest, TWO, LONG_MS))).isEqualTo(ONE);
  }

  @Test
  void anAnswerReplacesTheClaim() throws Exception {
    RequestKeys a = node("house");
    RequestKeys b = node("house");
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
    assertThat(result(b.settle("1", "order-1", TWO, TWO, LONG_MS))).isFalse();
    assertThat(result(a.settle("1", "order-1", ONE, DONE, LONG_MS))).isTrue();
    assertThat(result(b.claim("1", "order-1", TWO, LONG_MS))).isEqualTo(DONE);
    assertThat(result(a.settle("1", "order-1", ONE, TWO, LONG_MS))).isFalse();
    assertThat(result(a.abandon("1", "order-1", ONE))).isFalse();
    assertThat(result(b.claim("1", "order-1", TWO, LONG_MS))).isEqualTo(DONE);
    assertThat(result(a.settle("1", "order-2", ONE, DONE, LONG_MS))).as("never claimed").isTrue();
    assertThat(result(b.claim("1", "order-2", TWO, LONG_MS))).isEqualTo(DONE);
  }

  @Test
  void aKeyThatIsAbandonedIsFree() throws Exception {
    RequestKeys a = node("house");
    RequestKeys b = node("house");
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
    assertThat(result(b.abandon("1", "order-1", TWO))).isFalse();
    assertThat(result(b.claim("1", "order-1", TWO, LONG_MS))).isEqualTo(ONE);
    assertThat(result(a.abandon("1", "order-1", ONE))).isTrue();
    assertThat(result(a.abandon("1", "order-1", ONE))).isFalse();
    assertThat(result(b.claim("1", "order-1", TWO, LONG_MS))).isNull();
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isEqualTo(TWO);
  }

  @Test
  void valuesEnd() throws Exception {
    RequestKeys a = node("house");
    RequestKeys b = node("house");
    assertThat(result(a.claim("1", "order-1", ONE, 1))).isNull();
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> result(b.claim("1", "order-1", TWO, LONG_MS)) == null);
    assertThat(result(a.settle("1", "order-1", ONE, DONE, LONG_MS))).isFalse();
    assertThat(result(b.settle("1", "order-1", TWO, DONE, 1))).isTrue();
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> result(a.claim("1", "order-1", ONE, LONG_MS)) == null);
  }

  /// Requests with the same keys reach both nodes at once.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsRequestedAtOnceIsPublishedOnce(long seed) throws Exception {
    List<String> unshared = List.of("not run");
    for (long run = seed; !unshared.isEmpty() && run < MAX_RUNS; run += SEEDS) {
      try (KeysRace race = new KeysRace(run, List.of(keys("house"), keys("house")))) {
        List<String> faults = race.faults();
        unshared = race.unshared();
        if (unshared.isEmpty()) {
          assertThat(faults).isEmpty();
          assertThat(race.published()).isPositive();
        }
      }
    }
    assertThat(unshared).as("the engine answers").isEmpty();
  }
}
