package dev.fanfare.webhook.courier;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Outcomes;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// Couriers between a memory outbox and real receivers, in virtual time: a pause takes no real
/// time, but advances the clock.
public final class Post implements AutoCloseable {

  final Outbox outbox = Outboxes.inMemory(100);
  final Outcomes outcomes = new Outcomes();
  final ManualClock clock = new ManualClock();

  /// The pauses so far, milliseconds.
  final BlockingQueue<Long> pauses = new LinkedBlockingQueue<>();

  final Couriers couriers;
  private final List<App> apps;
  private final CurrentApps current;
  private final HttpSender sender = new HttpSender();
  private volatile boolean pausesEnd = true;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  Post(WebhookOptions options, App... apps) {
    this.apps = List.of(apps);
    CourierContext context =
        CourierContextBuilder.builder()
            .outbox(outbox)
            .sender(sender)
            .schedule(new RetrySchedule(new SplittableRandom(1)))
            .pause(this::pause)
            .options(options)
            .wall(clock::instant)
            .monotonic(clock)
            .outcomes(outcomes)
            .memory(Outboxes.memory())
            .build();
    current = TestNode.apps(apps);
    couriers = new Couriers(current, context);
  }

  /// The usual app with endpoints at these URLs.
  public static App app(String... urls) {
    return TestNode.APP.withWebhooks(Arrays.stream(urls).map(WebhookEndpoint::at).toList());
  }

  /// Accepts `channel_occupied` for these channels, all at once, of the first app.
  void occupied(String... channels) {
    occupied(apps.getFirst(), channels);
  }

  void occupied(App app, String... channels) {
    List<Fact> facts = new ArrayList<>();
    for (String channel : channels) {
      long nowMs = clock.instant().toEpochMilli();
      facts.add(new Fact(app, new ChannelOccupied(channel), nowMs, clock.nanoTime()));
    }
    couriers.accept(facts);
  }

  /// Replaces the apps, of which the couriers will hear later.
  void replaceQuietly(App... next) {
    current.replace(List.of(next));
  }

  /// Replaces the apps, as a reload does.
  void reload(App... next) {
    current.replace(List.of(next));
    couriers.appsChanged();
  }

  /// The apps that are needed from the start on have not been read yet, or have been by now.
  void setLoaded(boolean areLoaded) {
    current.setLoaded(areLoaded);
  }

  /// From now on the clock stands still, and a pause lasts until it is cut short.
  Post withEndlessPauses() {
    pausesEnd = false;
    return this;
  }

  /// From now on a pause lasts until [#releasePauses].
  Post withHeldPauses() {
    gate = new CountDownLatch(1);
    return this;
  }

  void releasePauses() {
    gate.countDown();
  }

  private boolean pause(long ms, CountDownLatch latch) throws InterruptedException {
    pauses.add(ms);
    gate.await();
    if (!pausesEnd) {
      latch.await();
      return true;
    }
    clock.advance(Duration.ofMillis(ms));
    return latch.getCount() == 0;
  }

  @Override
  public void close() {
    releasePauses();
    couriers.end();
    sender.close();
    couriers.join(Duration.ofSeconds(10));
    outbox.close();
  }
}
