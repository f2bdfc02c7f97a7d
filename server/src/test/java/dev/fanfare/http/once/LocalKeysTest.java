package dev.fanfare.http.once;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.http.once.IdempotencyKeys.Claim;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which keys a node knows, for how long, and in how much memory.
final class LocalKeysTest {

  private static final Fingerprint ONE = new Fingerprint(1, 1);
  private static final Fingerprint TWO = new Fingerprint(1, 2);

  private final ManualClock clock = new ManualClock();
  private final Share share = new Share("idempotency", "", 10_000);
  private final List<Observation> reports = new ArrayList<>();
  private final LocalKeys keys = keys(share, 20);

  private LocalKeys keys(Share share, int maxKeys) {
    ServerListener listener =
        new ServerListener() {
          @Override
          public void on(Observation observation) {
            reports.add(observation);
          }
        };
    return new LocalKeys(share, clock, listener, maxKeys);
  }

  private Claim claim(String key, Fingerprint content) {
    return keys.claim("1", List.of(new KeyUse(key, content)));
  }

  private Claim.Granted granted(String key) {
    return (Claim.Granted) claim(key, ONE);
  }

  private void use(String key, String answer) {
    granted(key).settle(List.of(answer.getBytes(UTF_8)));
  }

  /// What is known under a key; leaves the key as it was.
  private @Nullable String answer(String key) {
    Claim.Granted claim = granted(key);
    byte[] found = claim.answer(0);
    claim.abandon();
    return found == null ? null : new String(found, UTF_8);
  }

  @Test
  void theFirstAnswerIsRememberedForFiveMinutes() {
    use("a", "{}");
    clock.advance(Duration.ofSeconds(299));
    assertThat(answer("a")).isEqualTo("{}");
    assertThat(claim("a", TWO)).isEqualTo(new Claim.Conflict("a"));
    assertThat(keys.claim("2", List.of(new KeyUse("a", TWO)))).isInstanceOf(Claim.Granted.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(claim("a", TWO)).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void aSecondRequestWaitsForTheFirst() {
    Claim.Granted first = granted("a");
    clock.advance(Duration.ofMinutes(6)); // however long it takes
    Claim.Busy busy = (Claim.Busy) claim("a", ONE);
    assertThat(busy.done()).isNotDone();
    assertThat(claim("a", TWO)).isEqualTo(new Claim.Conflict("a"));
    first.settle(List.of("{}".getBytes(UTF_8)));
    assertThat(busy.done()).isDone();
  }

  @Test
  void aRequestThatPublishedNothingLeavesItsKeyFree() {
    Claim.Granted first = granted("a");
    Claim.Busy busy = (Claim.Busy) claim("a", ONE);
    first.abandon();
    assertThat(busy.done()).isDone();
    assertThat(share.used()).isZero();
    assertThat(claim("a", TWO)).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void whatWasSettledIsNotAbandoned() {
    Claim.Granted first = granted("a");
    first.settle(List.of("{}".getBytes(UTF_8)));
    first.abandon();
    assertThat(answer("a")).isEqualTo("{}");
  }

  @Test
  void severalKeysAreClaimedTogetherOrNotAtAll() {
    use("a", "1");
    Claim.Granted b = granted("b");
    List<KeyUse> all = List.of(new KeyUse("c", ONE), new KeyUse("b", ONE), new KeyUse("a", ONE));
    assertThat(keys.claim("1", all)).isInstanceOf(Claim.Busy.class);
    assertThat(answer("c")).isNull();
    b.settle(List.of("2".getBytes(UTF_8)));
    Claim.Granted claim = (Claim.Granted) keys.claim("1", all);
    assertThat(claim.answer(0)).isNull();
    assertThat(claim.answer(1)).isEqualTo("2".getBytes(UTF_8));
    assertThat(claim.answer(2)).isEqualTo("1".getBytes(UTF_8));
    assertThat(claim("c", ONE)).isInstanceOf(Claim.Busy.class);
  }

  @Test
  void tooManyKeysMakeRoomForNewOnesAndAreReported() {
    for (int i = 0; i < 30; i++) {
      use("k" + i, "{}");
    }
    assertThat(keys.size()).isEqualTo(20);
    assertThat(answer("k29")).isEqualTo("{}");
    assertThat(answer("k10")).isEqualTo("{}");
    keys.sweep();
    keys.sweep();
    assertThat(reports).containsExactly(new Observation.KeysForgotten("1", 10));
    assertThat(answer("k9")).isNull();
    keys.sweep();
    assertThat(reports).as("at most one report in ten seconds").hasSize(1);
    clock.advance(Duration.ofSeconds(10));
    keys.sweep();
    assertThat(reports).hasSize(2);
  }

  @Test
  void theAppWithMostKeysMakesRoom() {
    keys.claim("2", List.of(new KeyUse("small", ONE)));
    for (int i = 0; i < 9; i++) {
      use("k" + i, "x".repeat(2_000));
      assertThat(share.used()).isLessThanOrEqualTo(share.limit());
    }
    assertThat(answer("k8")).isNotNull();
    assertThat(keys.claim("2", List.of(new KeyUse("small", ONE)))).isInstanceOf(Claim.Busy.class);
    keys.sweep();
    assertThat(reports).hasSize(1);
  }

  @Test
  void aRequestWhoseKeyIsForgottenMeanwhileEndsLikeOthers() {
    Claim.Granted first = granted("first");
    for (int i = 0; i < 20; i++) {
      use("k" + i, "{}");
    }
    long used = share.used();
    first.settle(List.of("{}".getBytes(UTF_8)));
    assertThat(share.used()).isEqualTo(used);
    assertThat(keys.size()).isEqualTo(20);
  }

  @Test
  void whatIsOverTakesNoMemory() {
    LocalKeys large = keys(share, 10_000);
    for (int i = 0; i < 40; i++) {
      ((Claim.Granted) large.claim("" + i % 3, List.of(new KeyUse("k" + i, ONE))))
          .settle(List.of(new byte[0]));
    }
    clock.advance(Duration.ofMinutes(5));
    large.sweep();
    assertThat(large.size()).isZero();
    assertThat(share.used()).isZero();
    assertThat(reports).isEmpty();
  }

  /// Compared with a map that forgets nothing early.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void keysAreAsAMapWithTimes(long seed) {
    LocalKeys large = keys(new Share("idempotency", "", 1 << 30), 1_000_000);
    Random random = new Random(seed);
    Map<String, Long> known = new HashMap<>();
    for (int step = 0; step < 5_000; step++) {
      clock.advance(Duration.ofMillis(random.nextInt(2_000)));
      String key = "k" + random.nextInt(400);
      Long atNs = known.get(key);
      boolean isKnown = atNs != null && clock.nanoTime() - atNs < LocalKeys.WINDOW_NS;
      Claim.Granted claim = (Claim.Granted) large.claim("1", List.of(new KeyUse(key, ONE)));
      assertThat(claim.answer(0) != null).as("step " + step).isEqualTo(isKnown);
      if (random.nextInt(4) > 0) {
        claim.settle(List.of(new byte[0]));
        if (!isKnown) {
          known.put(key, clock.nanoTime());
        }
      } else {
        claim.abandon();
      }
      if (random.nextInt(20) == 0) {
        large.sweep();
      }
    }
    assertThat(reports).isEmpty();
  }

  @Test
  void ofConcurrentRequestsOnePublishes() throws Exception {
    int threads = 8;
    LocalKeys large = keys(new Share("idempotency", "", 1 << 30), 1_000_000);
    AtomicInteger published = new AtomicInteger();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        all.add(
            pool.submit(() -> {
              for (int i = 0; i < 2_000; i++) {
                publish(large, "k" + i, published);
              }
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(published).hasValue(2_000);
  }

  private static void publish(LocalKeys keys, String key, AtomicInteger published) {
    while (true) {
      switch (keys.claim("1", List.of(new KeyUse(key, ONE)))) {
        case Claim.Busy(CompletableFuture<?> done) -> done.join();
        case Claim.Conflict conflict -> throw new AssertionError(conflict);
        case Claim.Granted granted -> {
          if (granted.answer(0) == null) {
            published.incrementAndGet();
            granted.settle(List.of(new byte[0]));
          }
          granted.abandon();
          return;
        }
      }
    }
  }

  @Test
  void keysHaveAForm() {
    assertThat(check("A-z_0.9:")).isEqualTo(Parsed.PASSED);
    for (String bad : List.of("", "a b", "a,b", "\u00e9", "k".repeat(129))) {
      assertThat(check(bad)).isInstanceOf(Parsed.Bad.class);
    }
    assertThat(IntStream.rangeClosed(1, 128).mapToObj("k"::repeat))
        .allSatisfy(key -> assertThat(check(key)).isEqualTo(Parsed.PASSED));
  }

  private static Parsed<Parsed.Passed> check(String key) {
    return new KeyUse(key, ONE).check();
  }
}
