package dev.fanfare.http.once;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.budget.Share;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.http.once.IdempotencyKeys.Claim;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Publishers that send requests with the same keys to several nodes at once: alone, in batches of
/// other compositions, some refused after they were claimed. What each of them does follows from a
/// seed, in which order it happens does not.
final class KeysRace implements AutoCloseable {

  private static final int PUBLISHERS = 8;
  private static final int REQUESTS = 12;
  private static final int KEYS = 10;
  private static final int MAX_BATCH = 3;

  private final long seed;
  private final List<RequestKeys> engines;
  private final List<SharedKeys> nodes;

  /// By key, the answer to what was published under it.
  private final Map<String, String> published = new ConcurrentSkipListMap<>();

  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final List<String> unshared = new CopyOnWriteArrayList<>();

  /// @param engines one connection for each node, not opened yet; closed by [#close]
  KeysRace(long seed, List<RequestKeys> engines) {
    this.seed = seed;
    this.engines = engines;
    this.nodes = engines.stream().map(this::node).toList();
  }

  private SharedKeys node(RequestKeys engine) {
    ServerListener listener =
        new ServerListener() {
          @Override
          public void on(Observation observation) {
            unshared.add(observation.toString());
          }
        };
    LocalKeys local =
        new LocalKeys(new Share("idempotency", "", 1 << 20), NanoClock.SYSTEM, listener);
    return new SharedKeys(local, engine, NanoClock.SYSTEM, listener);
  }

  /// Runs it, and returns what should not have happened.
  List<String> faults() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        Random random = new Random(seed * PUBLISHERS + i);
        all.add(
            threads.submit(() -> {
              start.await();
              for (int j = 0; j < REQUESTS; j++) {
                request(random);
              }
              return null;
            }));
      }
      start.countDown();
      for (Future<?> each : all) {
        var _ = each.get();
      }
    }
    nodes.forEach(SharedKeys::sweep); // reports keys that were not shared
    return faults;
  }

  @Override
  public void close() {
    engines.forEach(RequestKeys::close);
  }

  /// What the nodes could not ask the engine, perhaps because the machine is busy: if there is any,
  /// keys may be published again.
  List<String> unshared() {
    return unshared;
  }

  /// How many keys were published under.
  int published() {
    return published.size();
  }

  private void request(Random random) {
    TreeSet<String> names = new TreeSet<>();
    int size = 1 + random.nextInt(MAX_BATCH);
    while (names.size() < size) {
      names.add("race-" + seed + "-" + random.nextInt(KEYS));
    }
    List<KeyUse> uses = new ArrayList<>();
    for (String name : names) {
      uses.add(new KeyUse(name, new Fingerprint(name.hashCode(), seed)));
    }
    Collections.shuffle(uses, random);
    SharedKeys node = nodes.get(random.nextInt(nodes.size()));
    Claim claim = node.claim("1", uses);
    while (claim instanceof Claim.Busy busy) {
      var _ = busy.done().join();
      claim = node.claim("1", uses);
    }
    if (!(claim instanceof Claim.Granted granted)) {
      faults.add("seed " + seed + ": " + claim);
      return;
    }
    try {
      if (random.nextInt(4) > 0) {
        publish(granted, uses, random);
      }
    } finally {
      granted.abandon();
    }
  }

  private void publish(Claim.Granted granted, List<KeyUse> uses, Random random) {
    List<byte @Nullable []> answers = new ArrayList<>();
    for (int i = 0; i < uses.size(); i++) {
      String key = uses.get(i).key();
      byte[] known = granted.answer(i);
      String answer = known == null ? "answer " + random.nextLong() : new String(known, UTF_8);
      String before = published.putIfAbsent(key, answer);
      if (known == null && before != null) {
        faults.add("seed " + seed + ": " + key + " was published again");
      } else if (before != null && !before.equals(answer)) {
        faults.add("seed " + seed + ": " + key + " has another answer");
      }
      answers.add(answer.getBytes(UTF_8));
    }
    granted.settle(answers);
  }
}
