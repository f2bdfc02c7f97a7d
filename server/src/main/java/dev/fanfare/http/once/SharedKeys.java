package dev.fanfare.http.once;

import dev.fanfare.bus.RequestKeys;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The keys that the nodes of a cluster know together. A key is claimed on this node first, then in
/// the engine, to which the first request with a key makes a connection. While the engine cannot be
/// asked, a key holds on this node. Any thread but those of event loops, since a claim waits.
///
/// Who waits for another request has claimed nothing in the engine meanwhile, and keys are claimed
/// in one order, so two batches never wait for each other.
public final class SharedKeys implements IdempotencyKeys {

  /// For how long a key is claimed by a request that is carried out. Longer than it takes to
  /// publish; so long does a key wait for a node that was killed.
  static final long LEASE_MS = TimeUnit.SECONDS.toMillis(15);

  /// The clients of engines give up earlier.
  private static final long PATIENCE_MS = 6_000;

  /// How often a request asks whether that of another node has been answered.
  private static final long ASK_AGAIN_MS = 50;

  /// How often keys that hold on this node only are reported.
  private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(10);

  /// What was not shared, and not reported yet.
  private record Unshared(int keys, String reason) {
    Unshared and(Unshared later) {
      return new Unshared(keys + later.keys, later.reason);
    }
  }

  private final LocalKeys local;
  private final RequestKeys engine;
  private final NanoClock clock;
  private final ServerListener listener;
  private final AtomicBoolean isOpen = new AtomicBoolean();

  /// Completes once the engine was reached, or was not.
  private final CompletableFuture<Boolean> tried = new CompletableFuture<>();

  /// Random, for the claims of this process.
  private final long life = new SecureRandom().nextLong(1, Long.MAX_VALUE);

  private final AtomicLong claims = new AtomicLong();
  private final Map<String, Unshared> unshared = new ConcurrentSkipListMap<>();

  /// Confined to the housekeeping thread.
  private long reportedNs;

  /// @param engine not opened yet, owned by the caller
  /// @param listener is notified by [#sweep] of keys that hold on this node only
  public SharedKeys(LocalKeys local, RequestKeys engine, NanoClock clock, ServerListener listener) {
    this.local = local;
    this.engine = engine;
    this.clock = clock;
    this.listener = listener;
    this.reportedNs = clock.nanoTime() - REPORT_NS;
  }

  @Override
  public boolean mayWait() {
    return true;
  }

  @Override
  public Claim claim(String appId, List<KeyUse> uses) {
    Claim here = local.claim(appId, uses);
    return here instanceof Claim.Granted granted
        ? claim(new SharedClaim(granted, appId, uses))
        : here;
  }

  private Claim claim(SharedClaim claim) {
    Claim result = null;
    try {
      result = claim.inEngine();
      return result;
    } finally {
      if (result != claim) {
        claim.abandon();
      }
    }
  }

  private <T extends @Nullable Object> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  private void connect() throws InterruptedException, ExecutionException, TimeoutException {
    if (isOpen.compareAndSet(false, true)) {
      engine.open(() -> tried.complete(true));
    }
    boolean _ = await(tried);
  }

  private void note(String appId, int keys, String reason) {
    unshared.merge(appId, new Unshared(keys, reason), Unshared::and);
  }

  /// Removes keys whose time is over, and reports those that hold on this node only. Called ten
  /// times a second by the housekeeping thread.
  public void sweep() {
    local.sweep();
    long nowNs = clock.nanoTime();
    if (unshared.isEmpty() || nowNs - reportedNs < REPORT_NS) {
      return;
    }
    reportedNs = nowNs;
    for (String appId : List.copyOf(unshared.keySet())) {
      Unshared some = unshared.remove(appId);
      if (some != null) {
        listener.on(new Observation.KeysUnshared(appId, some.keys(), some.reason()));
      }
    }
  }

  /// Confined to the thread of its request.
  private final class SharedClaim implements Claim.Granted {

    private final Claim.Granted here;
    private final String appId;
    private final List<KeyUse> uses;

    /// By index, the answers that another node has remembered.
    private final List<byte @Nullable []> answers = new ArrayList<>();

    /// By index, what was given to the engine, or was tried to.
    private final List<byte @Nullable []> claimed = new ArrayList<>();

    private boolean isOver;

    SharedClaim(Claim.Granted here, String appId, List<KeyUse> uses) {
      this.here = here;
      this.appId = appId;
      this.uses = uses;
      for (KeyUse _ : uses) {
        answers.add(null);
        claimed.add(null);
      }
    }

    /// This claim, if it was granted by the engine, too, or the engine cannot be asked.
    Claim inEngine() {
      List<Integer> order =
          IntStream.range(0, uses.size())
              .boxed()
              .filter(i -> here.answer(i) == null)
              .sorted(Comparator.comparing(i -> uses.get(i).key()))
              .toList();
      int done = 0;
      try {
        for (int index : order) {
          Claim refused = inEngine(index);
          if (refused != null) {
            return refused;
          }
          done++;
        }
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        note(appId, order.size() - done, String.valueOf(cause.getMessage()));
      } catch (TimeoutException e) {
        note(appId, order.size() - done, "no answer");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        note(appId, order.size() - done, "interrupted");
      }
      return this;
    }

    private @Nullable Claim inEngine(int index)
        throws InterruptedException, ExecutionException, TimeoutException {
      KeyUse use = uses.get(index);
      byte[] own = StoredKey.running(use.content(), life + "." + claims.incrementAndGet());
      claimed.set(index, own);
      connect();
      byte[] value = await(engine.claim(appId, use.key(), own, LEASE_MS));
      if (value == null) {
        return null;
      }
      claimed.set(index, null);
      StoredKey known = StoredKey.decode(value);
      if (known == null) {
        note(appId, 1, "a newer version of Fanfare has used the key " + use.key());
        return null;
      }
      if (!known.content().equals(use.content())) {
        return new Claim.Conflict(use.key());
      }
      answers.set(index, known.answer());
      return known.answer() == null ? new Claim.Busy(aWhile()) : null;
    }

    private static CompletableFuture<Boolean> aWhile() {
      return new CompletableFuture<Boolean>()
          .completeOnTimeout(true, ASK_AGAIN_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public byte @Nullable [] answer(int index) {
      byte[] known = here.answer(index);
      return known == null ? answers.get(index) : known;
    }

    /// Does not wait for the engine: a node that asks before it knows the answer asks again.
    @Override
    public void settle(List<byte @Nullable []> found) {
      isOver = true;
      List<byte @Nullable []> own = new ArrayList<>(found);
      for (int i = 0; i < claimed.size(); i++) {
        byte[] former = claimed.get(i);
        byte[] answer = found.get(i);
        if (former != null && answer != null) {
          KeyUse use = uses.get(i);
          byte[] value = StoredKey.done(use.content(), answer);
          long ttlMs = TimeUnit.NANOSECONDS.toMillis(LocalKeys.WINDOW_NS);
          var _ = engine.settle(appId, use.key(), former, value, ttlMs);
        } else if (answers.get(i) != null) {
          own.set(i, null); // it ends when the engine says so
        }
      }
      here.settle(own);
    }

    @Override
    public void abandon() {
      if (isOver) {
        return;
      }
      isOver = true;
      for (int i = 0; i < claimed.size(); i++) {
        byte[] former = claimed.get(i);
        if (former != null) {
          var _ = engine.abandon(appId, uses.get(i).key(), former);
        }
      }
      here.abandon();
    }
  }
}
