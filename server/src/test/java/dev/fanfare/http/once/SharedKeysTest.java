package dev.fanfare.http.once;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.http.once.IdempotencyKeys.Claim;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What two nodes know together of keys, and what a node does while the engine cannot be asked.
final class SharedKeysTest {

  private static final Fingerprint ONE = new Fingerprint(1, 1);
  private static final Fingerprint TWO = new Fingerprint(-1, 2);

  private final ManualClock clock = new ManualClock();
  private final MemoryKeys engine = new MemoryKeys(clock);
  private final Share share = new Share("idempotency", "", 1_000_000);
  private final List<Observation> reports = new ArrayList<>();
  private final SharedKeys a = node();
  private final SharedKeys b = node();

  private SharedKeys node() {
    ServerListener listener =
        new ServerListener() {
          @Override
          public void on(Observation observation) {
            reports.add(observation);
          }
        };
    return new SharedKeys(new LocalKeys(share, clock, listener), engine, clock, listener);
  }

  private static Claim claim(SharedKeys node, Fingerprint content, String... keys) {
    return node.claim("1", Stream.of(keys).map(key -> new KeyUse(key, content)).toList());
  }

  private static Claim.Granted granted(SharedKeys node, String... keys) {
    return (Claim.Granted) claim(node, ONE, keys);
  }

  private static byte[] bytes(String answer) {
    return answer.getBytes(UTF_8);
  }

  private static void use(SharedKeys node, String key, String answer) {
    granted(node, key).settle(List.of(bytes(answer)));
  }

  /// What a node knows under a key; leaves the key as it was.
  private static @Nullable String answer(SharedKeys node, String key) {
    Claim.Granted claim = granted(node, key);
    byte[] found = claim.answer(0);
    claim.abandon();
    return found == null ? null : new String(found, UTF_8);
  }

  private void sweep() {
    a.sweep();
    b.sweep();
  }

  @Test
  void theFirstAnswerIsKnownToAllNodesForFiveMinutes() {
    use(a, "order-1", "{\"channels\":{}}");
    assertThat(answer(b, "order-1")).isEqualTo("{\"channels\":{}}");
    assertThat(claim(b, TWO, "order-1")).isEqualTo(new Claim.Conflict("order-1"));
    clock.advance(Duration.ofSeconds(299));
    assertThat(answer(a, "order-1")).isEqualTo("{\"channels\":{}}");
    assertThat(answer(b, "order-1")).isEqualTo("{\"channels\":{}}");
    clock.advance(Duration.ofSeconds(1));
    assertThat(answer(b, "order-1")).isNull();
    assertThat(claim(b, TWO, "order-1")).isInstanceOf(Claim.Granted.class);
    sweep();
    assertThat(reports).isEmpty();
  }

  @Test
  void anAnswerOfAnotherNodeIsNotRememberedLonger() {
    use(a, "order-1", "{}");
    clock.advance(Duration.ofSeconds(299));
    Claim.Granted known = granted(b, "order-1", "order-2");
    known.settle(List.of(bytes("{}"), bytes("{}")));
    clock.advance(Duration.ofSeconds(1));
    assertThat(answer(b, "order-1")).isNull();
    assertThat(answer(b, "order-2")).isEqualTo("{}");
  }

  @Test
  void aKeyOfThisNodeNeedsNoQuestion() {
    assertThat(engine.opened()).as("before the first key").isZero();
    use(a, "order-1", "{}");
    assertThat(engine.claims()).isEqualTo(1);
    assertThat(answer(a, "order-1")).isEqualTo("{}");
    assertThat(claim(a, TWO, "order-1")).isEqualTo(new Claim.Conflict("order-1"));
    assertThat(engine.claims()).isEqualTo(1);
    assertThat(engine.opened()).isEqualTo(1);
  }

  @Test
  void aRequestOfAnotherNodeIsWaitedFor() {
    Claim.Granted first = granted(a, "order-1");
    assertThat(claim(b, TWO, "order-1")).isEqualTo(new Claim.Conflict("order-1"));
    Claim.Busy busy = (Claim.Busy) claim(b, ONE, "order-1");
    var _ = busy.done().join();
    assertThat(claim(b, ONE, "order-1")).isInstanceOf(Claim.Busy.class);
    first.settle(List.of(bytes("{}")));
    assertThat(answer(b, "order-1")).isEqualTo("{}");
  }

  @Test
  void aRequestThatWasRefusedLeavesItsKeysFree() {
    granted(a, "order-1", "order-2").abandon();
    assertThat(claim(b, TWO, "order-1", "order-2")).isInstanceOf(Claim.Granted.class);
  }

  /// A batch that must wait holds nothing meanwhile.
  @Test
  void aBatchClaimsAllOrNothing() {
    Claim.Granted running = granted(a, "order-2");
    assertThat(claim(b, ONE, "order-3", "order-1", "order-2")).isInstanceOf(Claim.Busy.class);
    granted(a, "order-1", "order-3").abandon();
    running.settle(List.of(bytes("{}")));
    assertThat(claim(b, TWO, "order-3", "order-2", "order-1"))
        .isEqualTo(new Claim.Conflict("order-2"));
    Claim.Granted rest = granted(a, "order-1", "order-2", "order-3");
    assertThat(rest.answer(0)).isNull();
    assertThat(rest.answer(1)).isEqualTo(bytes("{}"));
    assertThat(rest.answer(2)).isNull();
  }

  /// The node was killed: its claim ends, and a request that is repeated is carried out.
  @Test
  void aClaimThatIsNeverSettledEnds() {
    granted(a, "order-1");
    clock.advance(Duration.ofMillis(SharedKeys.LEASE_MS - 1));
    assertThat(claim(b, ONE, "order-1")).isInstanceOf(Claim.Busy.class);
    clock.advance(Duration.ofMillis(1));
    use(b, "order-1", "{}");
    assertThat(answer(node(), "order-1")).isEqualTo("{}");
  }

  @Test
  void whileTheEngineIsAwayKeysHoldOnTheirNode() {
    engine.fail("it is away");
    use(a, "order-1", "{\"n\":1}");
    granted(a, "order-2", "order-3").settle(List.of(bytes("{}"), bytes("{}")));
    assertThat(answer(a, "order-1")).isEqualTo("{\"n\":1}");
    assertThat(claim(a, TWO, "order-1")).isEqualTo(new Claim.Conflict("order-1"));
    use(b, "order-1", "{\"n\":2}");
    sweep();
    assertThat(reports)
        .containsExactly(
            new Observation.KeysUnshared("1", 3, "it is away"),
            new Observation.KeysUnshared("1", 1, "it is away"));
    use(a, "order-4", "{}");
    sweep();
    assertThat(reports).as("reported every ten seconds").hasSize(2);
    clock.advance(Duration.ofSeconds(10));
    sweep();
    assertThat(reports).hasSize(3);
    engine.fail(null);
    use(a, "order-5", "{}");
    assertThat(answer(b, "order-5")).isEqualTo("{}");
    assertThat(answer(a, "order-1")).isEqualTo("{\"n\":1}");
    assertThat(answer(b, "order-1")).isEqualTo("{\"n\":2}");
  }

  /// The engine comes back while a request is carried out that it could not be asked about.
  @Test
  void anAnswerIsGivenToTheEngineWhenItIsBack() {
    engine.fail("it is away");
    Claim.Granted running = granted(a, "order-1");
    engine.fail(null);
    running.settle(List.of(bytes("{}")));
    assertThat(answer(b, "order-1")).isEqualTo("{}");
  }

  @Test
  void aValueThatCannotBeReadIsLeftAlone() {
    for (String value : List.of("X 1 2", "", "D zz", "R " + "z".repeat(33))) {
      engine.put("1", "order-1", bytes(value), 60_000);
      granted(a, "order-1").abandon();
      assertThat(engine.value("1", "order-1")).as(value).isEqualTo(bytes(value));
    }
    sweep();
    assertThat(reports).hasSize(1);
  }

  @Test
  void nothingIsHeldForKeysThatAreOver() {
    use(a, "order-1", "{}");
    use(b, "order-2", "{}");
    assertThat(answer(b, "order-1")).isEqualTo("{}");
    assertThat(share.used()).isPositive();
    clock.advance(Duration.ofMinutes(5));
    sweep();
    assertThat(share.used()).isZero();
  }

  /// An engine that finds a key free and takes it a moment later.
  private static final class SlowKeys extends MemoryKeys {

    SlowKeys(ManualClock clock) {
      super(clock);
    }

    @Override
    public CompletionStage<byte @Nullable []> claim(
        String appId, String key, byte[] value, long ttlMs) {
      byte[] known = value(appId, key);
      if (known == null) {
        LockSupport.parkNanos(1);
        put(appId, key, value, ttlMs);
      }
      return CompletableFuture.completedStage(known);
    }
  }

  /// Shows that the test of requests at once notices an engine whose claims are not atomic.
  @Test
  void theRaceNoticesClaimsThatAreNotAtomic() throws Exception {
    List<String> faults = new ArrayList<>();
    for (long seed = 0; faults.isEmpty(); seed++) {
      RequestKeys broken = new SlowKeys(clock);
      try (KeysRace race = new KeysRace(seed, List.of(broken, broken))) {
        faults.addAll(race.faults());
      }
    }
    assertThat(faults).anyMatch(fault -> fault.contains("was published again"));
    RequestKeys sound = new MemoryKeys(clock);
    try (KeysRace race = new KeysRace(1, List.of(sound, sound))) {
      assertThat(race.faults()).isEmpty();
    }
  }
}
