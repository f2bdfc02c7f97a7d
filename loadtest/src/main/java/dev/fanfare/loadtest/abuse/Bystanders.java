package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Clients that must not notice an attack: eight subscribers of a public, a private and a presence
/// channel, publishers with and without a persistent connection, a pinger, a health probe and a
/// metrics scrape. Each has a platform thread and a blocking socket, so that none waits for
/// another.
final class Bystanders implements AutoCloseable {

  private static final List<String> CHANNELS =
      List.of("bystanders", "private-bystanders", "presence-bystanders");

  /// The channel of each subscriber.
  private static final int[] SUBSCRIBERS = {0, 1, 2, 0, 1, 2, 0, 1};

  private static final long PATIENCE_SECONDS = 2;
  private static final long START_SECONDS = 20;
  private static final Duration JOIN = Duration.ofSeconds(11);

  /// Pause of a bystander before it connects again.
  private static final long RETRY_NS = 100_000_000L;

  private static final long DELAY_INTERVAL_NS = 10_000_000L;

  private final Scene scene;
  private final HealthProbe health;
  private final @Nullable Scraper scraper;
  private final List<Thread> threads = new ArrayList<>();

  /// Starts all of them; throws a refusal if they are not connected within 20 seconds.
  ///
  /// @param metrics host and port of the metrics, `null` without a scrape
  Bystanders(Target target, @Nullable Target metrics) {
    scene = new Scene(target, SUBSCRIBERS, EventPublisher.COUNT);
    health = new HealthProbe(scene);
    scraper = metrics == null ? null : new Scraper(scene, metrics);
    CountDownLatch ready = new CountDownLatch(SUBSCRIBERS.length);
    for (int i = 0; i < SUBSCRIBERS.length; i++) {
      start(new Subscriber(scene, i, subscription(i), ready));
    }
    await(ready);
    EventPublisher.all(scene, CHANNELS).forEach(this::start);
    start(new Pinger(scene));
    start(health);
    if (scraper != null) {
      start(scraper);
    }
    thread("own-delay", this::measureDelay);
  }

  private static Subscription subscription(int subscriber) {
    String channel = CHANNELS.get(SUBSCRIBERS[subscriber]);
    return channel.startsWith("presence-")
        ? Subscription.as(channel, "bystander-" + subscriber)
        : Subscription.to(channel);
  }

  private void start(Bystander bystander) {
    thread(
        bystander.getClass().getSimpleName(),
        () -> {
          while (!scene.isStopped()) {
            try {
              bystander.live();
            } catch (IOException e) {
              if (!scene.isStopped()) {
                scene.troubles.add(bystander.failure(), String.valueOf(e.getMessage()));
                scene.pause(RETRY_NS);
              }
            }
          }
        });
  }

  private void thread(String name, Runnable task) {
    threads.add(Thread.ofPlatform().name("bystander-" + name).daemon().start(task));
  }

  private void await(CountDownLatch ready) {
    try {
      boolean done = ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      List<String> reasons = scene.troubles.take();
      // Reasons mean that connecting fails; without any, the machine may be slow.
      if (!done && (!reasons.isEmpty() || !ready.await(START_SECONDS, TimeUnit.SECONDS))) {
        close();
        throw new Refusal(
            "The bystanders cannot subscribe%s."
                .formatted(reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrupted.");
    }
  }

  private void measureDelay() {
    while (!scene.isStopped()) {
      long startNs = System.nanoTime();
      scene.pause(DELAY_INTERVAL_NS);
      scene.record(scene.delay, startNs + DELAY_INTERVAL_NS, System.nanoTime());
    }
  }

  Scene scene() {
    return scene;
  }

  HealthProbe health() {
    return health;
  }

  /// `null` if no metrics are scraped.
  @Nullable Scraper scraper() {
    return scraper;
  }

  @Override
  public void close() {
    scene.stop();
    try {
      for (Thread thread : threads) {
        boolean _ = thread.join(JOIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
